#include "corpus/html_lines.h"

#include "corpus/text_match.h"

enum { POINTER_BYTES = 120, BOX_BYTES = 400, CALL_BYTES = 250 };

/* What lines between paragraphs begin with that point to other articles, and
 * credits of pictures, in the languages of newspapers. */
static const char *const pointers[] = {
    "read more",
    "read also",
    "also read",
    "read next",
    "see also",
    "related:",
    "more on this",
    "more:",
    "watch:",
    "lesen sie auch",
    "lesen sie mehr",
    "auch interessant",
    "mehr zum thema",
    "lire aussi",
    "a lire aussi",
    "\u00E0 lire aussi",
    "lee tambi\u00E9n",
    "leer m\u00E1s",
    "leia tamb\u00E9m",
    "leia mais",
    "leggi anche",
    "lees ook",
    "les ogs\u00E5",
    "l\u00E6s ogs\u00E5",
    "l\u00E4s ocks\u00E5",
    "czytaj tak\u017Ce",
    "czytaj wi\u0119cej",
    "zobacz tak\u017Ce",

    "photo:",
    "photo by",
    "foto:",
    "image:",
    "picture:",
    "photograph:",
    "bild:",
};

/* All of a line above an advertisement: as part of a sentence they are words.
 */
static const char *const advert_marks[] = {
    "advertisement", "anzeige", "publicidad", "publicit\u00E9",
    "werbung",       "reklame", "annons",
};

/* What stands where a page asks before it shows what others have, or asks
 * readers to sign in. */
static const char *const boxes[] = {
    /* the text of others */
    "an dieser stelle finden sie einen externen",
    "an dieser stelle finden sie einen von unser",
    "an dieser stelle finden sie externe",
    "an dieser stelle findest du einen externen",
    "an dieser stelle findest du externe",
    "ein klick f\u00FCr den datenschutz",
    "empfohlener externer inhalt",
    "empfohlener redaktioneller inhalt",
    "externe inhalte an",
    "externe inhalte la",
    "externen inhalt anzeigen",
    "externen inhalt laden",
    "externer inhalt",
    "ich bin damit einverstanden, dass mir",
    "ich bin einverstanden, dass mir",
    "deine privatsph\u00E4re-einstellungen",
    "ihre datenschutzeinstellungen verhindern",
    "personenbezogene daten k\u00F6nnen an drittplattformen",
    "damit k\u00F6nnen personenbezogene daten an dritt",
    "dieser inhalt wird von",
    "this article contains content provided by",
    "this content is provided by",
    "to view this content, you",
    "we ask for your permission before anything is loaded",
    "this embed isn't available",
    /* signing in */
    "already a subscriber",
    "already have an account",
    "already registered?",
    "create an account or sign in",
    "don't have an account",
    "register / sign in",
    "register for free to",
    "sign in or create an account",
    "sign in to continue",
    "subscribe to continue",
    "subscribe now to read",
    "to continue reading, ",
    "this article is for subscribers",
    "sie haben bereits ein abo",
    "bereits registriert?",
    "d\u00E9j\u00E0 abonn\u00E9",
    "cet article est r\u00E9serv\u00E9 aux abonn\u00E9s",
    "la suite est r\u00E9serv\u00E9e",
    "ya soy suscriptor",
    /* players */
    "back to video",
    "player wird geladen",
};

/* What newsrooms ask their readers to do. */
static const char *const calls[] = {
    "got a story?",
    "got a tip?",
    "got a news tip",
    "have a tip?",
    "do you have a story",
    "do you have a tip",
    "have you got a story",
    "for more stories like this",
    "want more stories like this",
    "follow us on",
    "like us on facebook",
    "find us on",
    "sign up to our",
    "sign up for our",
    "sign up here",
    "subscribe to our",
    "join our whatsapp",
    "join our newsletter",
    "join the conversation",
    "download our app",
    "get our free newsletter",
    "get the latest news",
    "stay up to date with our",
    "click here to subscribe",
    "click here to sign up",
    "click here for more",
    "enjoyed this article?",
    "let us know in the comments",
    "share your thoughts in the comments",
    "folgen sie uns",
    "folge uns auf",
    "folgt uns auf",
    "abonnieren sie unser",
    "abonniere unser",
    "hier k\u00F6nnen sie unseren newsletter",
    "hier k\u00F6nnen sie den newsletter",
    "hier geht es zum newsletter",
    "das k\u00F6nnte sie auch interessieren",
    "das k\u00F6nnte dich auch interessieren",
    "youtube-inhalte erlauben",
    "suivez-nous",
    "suivez toute l'actualit\u00E9",
    "abonnez-vous",
    "inscrivez-vous \u00E0 notre",
    "s\u00EDguenos",
    "suscr\u00EDbete",
    "ap\u00FAntate a nuestr",
    "iscriviti a",
    "seguici su",
    "siga-nos",
    "inscreva-se",
    "assine a nossa",
    "clique aqui para",
    "volg ons",
    "schrijf je in voor",
    "f\u00F8lg oss",
    "f\u00F8lg os p\u00E5",
    "f\u00F6lj oss",
    "obserwuj nas",
    "\u6709\u6599\u4F1A\u54E1\u306B\u306A\u308B\u3068",
};

/* "Follow The Paper on Twitter and Facebook". */
static bool is_follow(lede_span text)
{
    static const char *const networks[] = {
        " on twitter",  " on facebook", " on instagram",
        " on x ",       " on whatsapp", " on bluesky",
        " on telegram", " on youtube",  " on google news",
    };
    size_t i;

    if (!lede_match_starts(text, "follow ")) {
        return false;
    }
    for (i = 0; i < sizeof networks / sizeof networks[0]; i++) {
        if (lede_match_find(text, 0, networks[i]) != LEDE_MATCH_NONE) {
            return true;
        }
    }
    return false;
}

static bool starts_one(lede_span text, const char *const *list, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (lede_match_starts(text, list[i])) {
            return true;
        }
    }
    return false;
}

#define STARTS_ONE(text, list)                                                 \
    starts_one((text), (list), sizeof(list) / sizeof(list)[0])

bool lede_html_is_box(lede_span text)
{
    return text.len <= BOX_BYTES && STARTS_ONE(text, boxes);
}

bool lede_html_is_no_text(lede_span text)
{
    size_t i;

    for (i = 0; i < sizeof advert_marks / sizeof advert_marks[0]; i++) {
        if (lede_match_is(text, advert_marks[i])) {
            return true;
        }
    }
    return (text.len <= POINTER_BYTES && STARTS_ONE(text, pointers)) ||
           (text.len <= CALL_BYTES &&
            (STARTS_ONE(text, calls) || is_follow(text))) ||
           lede_html_is_box(text);
}
