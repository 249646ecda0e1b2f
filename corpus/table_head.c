/* table_head.c - what the first lines of a table (CSV) say: how its cells are
 * told apart, and what its columns are. */
#include <string.h>

#include "base/analyze.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "corpus/table.h"
#include "corpus/text_match.h"

enum { HEADER_BYTES = 4096, NAME_BYTES = 64 };

/* Names of columns, as lede_fold_text leaves them without accents. */
static const struct {
    const char *name, *key;
} names[] = {
    /* German */
    {"titel", "title"},
    {"uberschrift", "headline"},
    {"ueberschrift", "headline"},
    {"schlagzeile", "headline"},
    {"inhalt", "content"},
    {"artikeltext", "text"},
    {"volltext", "fulltext"},
    {"datum", "date"},
    {"veroffentlicht", "published"},
    {"veroeffentlicht", "published"},
    {"veroffentlicht am", "published"},
    {"veroffentlichungsdatum", "published"},
    {"erscheinungsdatum", "published"},
    {"geandert", "updated"},
    {"autor", "author"},
    {"autoren", "authors"},
    {"verfasser", "author"},
    {"quelle", "source"},
    {"medium", "outlet"},
    {"zeitung", "newspaper"},
    {"adresse", "url"},
    {"sprache", "language"},
    {"rubrik", "section"},
    {"ressort", "section"},
    {"schlagworter", "keywords"},
    {"schlagworte", "keywords"},
    {"stichworter", "keywords"},
    {"zusammenfassung", "summary"},
    {"vorspann", "deck"},
    /* French */
    {"titre", "title"},
    {"texte", "text"},
    {"contenu", "content"},
    {"corps", "body"},
    {"date de publication", "published"},
    {"publie le", "published"},
    {"date de parution", "published"},
    {"auteur", "author"},
    {"auteurs", "authors"},
    {"journal", "newspaper"},
    {"lien", "link"},
    {"langue", "language"},
    {"rubrique", "section"},
    {"mots cles", "keywords"},
    {"mots-cles", "keywords"},
    {"resume", "summary"},
    {"chapo", "deck"},
    {"chapeau", "deck"},
    /* Spanish */
    {"titulo", "title"},
    {"titular", "headline"},
    {"texto", "text"},
    {"contenido", "content"},
    {"cuerpo", "body"},
    {"fecha", "date"},
    {"fecha de publicacion", "published"},
    {"autores", "authors"},
    {"fuente", "source"},
    {"medio", "outlet"},
    {"periodico", "newspaper"},
    {"enlace", "link"},
    {"idioma", "language"},
    {"seccion", "section"},
    {"etiquetas", "tags"},
    {"palabras clave", "keywords"},
    {"resumen", "summary"},
    {"entradilla", "deck"},
    /* Italian */
    {"titolo", "title"},
    {"testo", "text"},
    {"contenuto", "content"},
    {"data di pubblicazione", "published"},
    {"autore", "author"},
    {"autori", "authors"},
    {"fonte", "source"},
    {"testata", "newspaper"},
    {"collegamento", "link"},
    {"lingua", "language"},
    {"sezione", "section"},
    {"parole chiave", "keywords"},
    {"riassunto", "summary"},
    {"sommario", "summary"},
    {"occhiello", "deck"},
    /* Portuguese */
    {"manchete", "headline"},
    {"conteudo", "content"},
    {"corpo", "body"},
    {"data de publicacao", "published"},
    {"jornal", "newspaper"},
    {"ligacao", "link"},
    {"lingua", "language"},
    {"secao", "section"},
    {"seccao", "section"},
    {"palavras-chave", "keywords"},
    {"resumo", "summary"},
    /* Dutch */
    {"kop", "headline"},
    {"tekst", "text"},
    {"inhoud", "content"},
    {"publicatiedatum", "published"},
    {"gepubliceerd", "published"},
    {"bron", "source"},
    {"krant", "newspaper"},
    {"taal", "language"},
    {"rubriek", "section"},
    {"trefwoorden", "keywords"},
    {"samenvatting", "summary"},
    /* Polish */
    {"tytul", "title"},
    {"tresc", "content"},
    {"data publikacji", "published"},
    {"autorzy", "authors"},
    {"zrodlo", "source"},
    {"gazeta", "newspaper"},
    {"jezyk", "language"},
    {"dzial", "section"},
    {"tagi", "tags"},
    {"streszczenie", "summary"},
    /* Russian */
    {"заголовок", "headline"},
    {"название", "title"},
    {"текст", "text"},
    {"содержание", "content"},
    {"дата", "date"},
    {"дата публикации", "published"},
    {"автор", "author"},
    {"авторы", "authors"},
    {"источник", "source"},
    {"издание", "newspaper"},
    {"ссылка", "link"},
    {"язык", "language"},
    {"рубрика", "section"},
    {"теги", "tags"},
    /* several */
    {"data", "date"},
};

static void put_latin1(lede_buf *out, lede_span text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        uint8_t c = text.bytes[i];

        if (c >= 0x80) {
            lede_buf_put_byte(out, (uint8_t)(0xC0 | c >> 6));
            c = (uint8_t)(0x80 | (c & 0x3F));
        }
        lede_buf_put_byte(out, c);
    }
}

/* The English key of a name in another language; empty if it is none. */
static lede_span translate(lede_span name)
{
    lede_buf text = {0};
    lede_buf folded = {0};
    lede_span key = {0};
    size_t i;

    if (lede_utf8_valid_prefix(name) == name.len) {
        lede_buf_put_span(&text, name);
    } else {
        put_latin1(&text, name);
    }
    lede_fold_text(lede_buf_span(&text), true, &folded);
    for (i = 0; i < sizeof names / sizeof names[0] && !folded.failed; i++) {
        if (lede_span_is(lede_buf_span(&folded), names[i].name)) {
            key = lede_span_text(names[i].key);
            break;
        }
    }
    lede_buf_done(&text);
    lede_buf_done(&folded);
    return key;
}

static lede_json_field field_of(lede_span name)
{
    char folded[LEDE_JSON_KEY_MAX_BYTES];
    size_t len = lede_json_key_fold(name, folded);

    return lede_json_key_find(lede_span_of(folded, len)).field;
}

lede_json_field lede_table_field(lede_span name, lede_span *key)
{
    lede_json_field field = field_of(name);
    lede_span other = {0};

    if (field == LEDE_JSON_FIELD_NONE && name.len <= NAME_BYTES) {
        other = translate(name);
    }
    *key = other.len > 0 ? other : name;
    return other.len > 0 ? field_of(other) : field;
}

/* A name of a column is short, and no markup nor code. */
static bool may_be_name(lede_span cell)
{
    size_t i;

    for (i = 0; i < cell.len; i++) {
        if (cell.bytes[i] != 0 && strchr("<>{}=;|", cell.bytes[i]) != NULL) {
            return false;
        }
    }
    return cell.len <= NAME_BYTES;
}

/* How many columns have names that are known; 0 if it is no line of names. */
static unsigned known_columns(lede_span line, uint8_t separator)
{
    unsigned known = 0;
    size_t begin = 0;
    size_t i;

    if (line.len > 0 && separator == '|' && line.bytes[0] == '|') {
        return 0; /* a table inside of a note */
    }
    for (i = 0; i <= line.len; i++) {
        if (i == line.len || line.bytes[i] == separator) {
            lede_span cell =
                lede_span_trim(lede_span_part(line, begin, i - begin));
            lede_span key;

            if (cell.len >= 2 && cell.bytes[0] == '"') {
                cell = lede_span_part(cell, 1, cell.len - 2);
            }
            if (!may_be_name(cell)) {
                return 0;
            }
            known += lede_table_field(cell, &key) != LEDE_JSON_FIELD_NONE;
            begin = i + 1;
        }
    }
    return known;
}

/* The first line's length without its end; how long that is in *end. */
static size_t first_line(lede_span head, size_t *end)
{
    size_t i;

    for (i = 0; i < head.len && head.bytes[i] != '\n' && head.bytes[i] != '\r';
         i++) {
    }
    *end =
        i + 1 < head.len && head.bytes[i] == '\r' && head.bytes[i + 1] == '\n'
            ? 2
            : i < head.len;
    return i;
}

/* "sep=;", as Excel writes it and reads it; 0 if it is none. */
static uint8_t said_separator(lede_span line)
{
    line = lede_span_trim(line);
    if (line.len == 7 && line.bytes[0] == '"' && line.bytes[6] == '"') {
        line = lede_span_part(line, 1, 5);
    }
    return lede_match_starts(line, "sep=") && line.len == 5 ? line.bytes[4]
           : lede_match_is(line, "sep=")                    ? '\t'
                                                            : 0;
}

lede_table_form lede_table_form_of(lede_span head)
{
    static const uint8_t separators[] = {',', ';', '\t', '|'};
    lede_table_form form = {0};
    lede_span text = lede_span_part(head, 0, HEADER_BYTES);
    size_t end;
    size_t len = first_line(text, &end);
    uint8_t said = said_separator(lede_span_part(text, 0, len));
    unsigned best = 1;
    size_t i;

    if (said != 0) {
        form.names_begin = len + end;
        text = lede_span_part(text, form.names_begin, text.len);
        len = first_line(text, &end);
    }
    if (end == 0 && head.len > HEADER_BYTES) {
        return form;
    }
    form.ends_at_cr = end == 1 && text.bytes[len] == '\r';
    text.len = len;
    for (i = 0; i < sizeof separators; i++) {
        uint8_t separator = said != 0 ? said : separators[i];
        unsigned known = known_columns(text, separator);

        if (known > best) {
            best = known;
            form.separator = separator;
        }
    }
    return form;
}
