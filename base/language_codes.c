#include <string.h>

#include "base/analyze.h"

/* ISO 639-1 (two letters) and 639-2 (three, of single languages), old tags that
 * are still in use, and a few languages of 639-3 that have news. */
static const char two_letters[] =
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca "
    "ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi "
    "fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie "
    "ig ii ik in io is it iu iw ja ji jv ka kg ki kj kk kl km kn ko kr "
    "ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr "
    "ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl "
    "ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr "
    "ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur "
    "uz ve vi vo wa wo xh yi yo za zh zu ";

static const char three_letters[] =
    "aar abk ace ach ada ady afh afr ain aka akk alb ale alt amh ang "
    "anp ara arb arc arg arm arn arp arw asm ast ava ave awa aym aze "
    "bak bal bam ban baq bas bej bel bem ben bho bik bin bis bla bnt "
    "bod bos bra bre bua bug bul bur byn cad car cat ceb ces cha chb "
    "che chg chi chk chm chn cho chp chr chu chv chy ckb cmn cnr cop "
    "cor cos cpe cpf cpp cre crh crp csb cym cze dak dan dar del den "
    "deu dgr din div doi dsb dua dum dut dyu dzo efi egy eka ell elx "
    "eng enm epo est eus ewe ewo fan fao fas fat fij fil fin fon fra "
    "fre frm fro frr frs fry ful fur gaa gay gba geo ger gez gil gla "
    "gle glg glv gmh goh gon gor got grb grc gre grn gsw guj gwi hai "
    "hat hau haw heb her hil hin hit hmn hmo hrv hsb hun hup hye iba "
    "ibo ice ido iii iku ile ilo ina ind inh ipk isl ita jav jbo jpn "
    "jpr jrb kaa kab kac kal kam kan kas kat kau kaw kaz kbd kha khm "
    "kho kik kin kir kmb kmr kok kom kon kor kos kpe krc krl kru kua "
    "kum kur kut lad lah lam lao lat lav lez lim lin lit lol loz ltz "
    "lua lub lug lui lun luo lus mac mad mag mah mai mak mal man mao "
    "mar mas may mdf mdr men mga mic min mkd mlg mlt mnc mni moh mon "
    "mos mri msa mus mwl mwr mya myv nap nau nav nbl nde ndo nds nep "
    "new nia niu nld nno nob nog non nor nqo nso nwc nya nym nyn nyo "
    "nzi oci oji ori orm osa oss ota pag pal pam pan pap pau pcm peo "
    "per pes phn pli pol pon por pro prs pus que raj rap rar roh rom "
    "ron rum run rup rus sad sag sah sai sam san sas sat scn sco sel "
    "sga sgn shn sid sin slk slo slv sma sme smj smn smo sms sna snd "
    "snk sog som sot spa sqi srd srn srp srr ssw suk sun sus sux swa "
    "swe syc syr tah tam tat tel tem ter tet tgk tgl tha tib tig tir "
    "tiv tkl tlh tli tmh tog ton tpi tsi tsn tso tuk tum tur tvl twi "
    "tyv udm uga uig ukr umb urd uzb vai ven vie vol vot wal war was "
    "wel wln wol xal xho yao yap yid yor yue zap zbl zen zgh zha zho "
    "zul zun zza ";

static bool is_in(const char *words, lede_span word)
{
    size_t step = word.len + 1;
    const char *p;

    for (p = words; *p != '\0'; p += step) {
        if (memcmp(p, word.bytes, word.len) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_letter_or_digit(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

bool lede_language_exists(lede_span tag)
{
    uint8_t primary[3];
    size_t len = 0;
    size_t part = 0;
    size_t i;

    while (len < tag.len && tag.bytes[len] != '-') {
        if (len == sizeof primary) {
            return false;
        }
        primary[len] = tag.bytes[len] | 0x20;
        len++;
    }
    for (i = len; i < tag.len; i++) {
        if (tag.bytes[i] != '-') {
            part++;
        } else if (i > len && part == 0) {
            return false;
        } else {
            part = 0;
        }
        if (part > 8 ||
            (tag.bytes[i] != '-' && !is_letter_or_digit(tag.bytes[i]))) {
            return false;
        }
    }
    if (i > len && part == 0) {
        return false;
    }
    return (len == 2 && is_in(two_letters, lede_span_of(primary, len))) ||
           (len == 3 && is_in(three_letters, lede_span_of(primary, len)));
}
