#include "corpus/side_folder.h"

#include <string.h>

#include "corpus/text_match.h"

size_t lede_side_folder_stem(lede_span name)
{
    static const char *const endings[] = {
        "_files",    ".files",   "-dateien",     "_dateien",  "_fichiers",
        "_archivos", "_file",    "_ficheiros",   "_arquivos", "_bestanden",
        "-filer",    "_filer",   "_tiedostot",   "_pliki",    "_soubory",
        "_subory",   "_elemei",  "_dosyalar",    "_datoteke", "_fajlovi",
        "_fitxers",  "_failid",  "_fails",       "_faili",    "_bylos",
        "_failai",   "_fisiere", "_fitxategiak",
    };
    size_t i;

    for (i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t len = strlen(endings[i]);

        if (name.len > len && lede_match_ends(name, endings[i]) &&
            name.bytes[name.len - len - 1] != '/') {
            return name.len - len;
        }
    }
    return 0;
}
