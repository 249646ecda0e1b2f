#include "names/lists.h"

#include <string.h>

/* Phrases are separated by commas. Curly braces would hide what matters here:
 * to add a word, add it. */
static const struct list {
    uint16_t classes;
    const char *phrases;
} lists_by_hand[] = {
    {LEDE_CLASS_MISTER,
     "mr,mrs,ms,miss,dr,sir,dame,prof,mme,mlle,monsieur,herr,frau,signor,"
     "señor,señora,sen,gov,lt,sgt,capt,col,ayatollah"},
    {LEDE_CLASS_HONORIFIC,
     "mr,mrs,ms,miss,dr,sir,dame,lord,lady,prof,"
     "professor,rev,reverend,father,sister,hon,honourable,"
     "honorable,madam,mme,mlle,monsieur,madame,herr,frau,signor,"
     "señor,señora,don,sheikh,sheik,shaikh,ayatollah,imam,rabbi,mullah,"
     "captain,capt,major,maj,colonel,col,lieutenant,lt,"
     "general,gen,sergeant,sgt,corporal,cpl,private,admiral,"
     "adm,commander,cmdr,brigadier,marshal,inspector,superintendent,"
     "detective,constable,officer,king,queen,prince,princess,duke,duchess,"
     "earl,baron,baroness,count,countess,emperor,empress,pope,cardinal,"
     "archbishop,bishop,pastor,deacon,president,vice-president,premier,"
     "chancellor,senator,sen,representative,rep,congressman,"
     "congresswoman,governor,gov,mayor,judge,justice,secretary,minister,"
     "ambassador,councillor,councilor,alderman,attorney,sultan,emir,shah,"
     "crown,coach,chairman,chairwoman,speaker,dean,chief,"
     "director,director-general,secretary-general,envoy,deputy,comrade"},
    {LEDE_CLASS_ROLE,
     "president,presidents,minister,ministers,premier,chancellor,senator,"
     "governor,mayor,spokesman,spokeswoman,spokesperson,leader,leaders,chief,"
     "director,chairman,chairwoman,chair,head,commander,secretary,"
     "ambassador,envoy,lawmaker,lawyer,attorney,judge,prosecutor,analyst,"
     "economist,professor,doctor,author,writer,journalist,reporter,"
     "correspondent,editor,actor,actress,singer,musician,director,producer,"
     "player,striker,midfielder,goalkeeper,defender,captain,coach,manager,"
     "trainer,champion,winner,candidate,opponent,rival,activist,dissident,"
     "opposition,founder,co-founder,owner,executive,ceo,officer,detective,"
     "inspector,king,queen,prince,princess,pope,bishop,archbishop,son,"
     "daughter,wife,husband,brother,sister,mother,father,widow,colleague,"
     "teammate,predecessor,successor,counterpart,poet,painter,scientist,"
     "researcher,historian,philosopher,composer,victim,suspect,driver,deputy,"
     "adviser,advisor,aide,teacher,student,farmer,resident,novelist,artist,"
     "guitarist,drummer,bassist,comedian,swimmer,boxer,cyclist,golfer"},
    {LEDE_CLASS_SPEECH,
     "said,says,say,told,tells,added,adds,wrote,writes,explained,explains,"
     "asked,asks,replied,insisted,insists,argued,argues,claimed,claims,"
     "stated,states,noted,notes,warned,warns,announced,tweeted,recalled,"
     "recalls,admitted,admits,denied,denies,confirmed,believes,thinks,"
     "thought,was,is,has,had,who,whose,did,does,born,died,married,testified,"
     "scored,won,resigned,played,joked,declared,commented,stressed,urged"},
    {LEDE_CLASS_IN,
     "in,near,across,throughout,outside,inside,at,from,to,into,around,"
     "toward,towards,via,visit,visited,visiting,visits,leave,left,reach,"
     "reached,southern,northern,eastern,western,central,south,north,east,"
     "west,downtown,capital,city,town,village,northwest,northeast,southwest,"
     "southeast,southwestern,northwestern,southeastern,northeastern,"
     "neighbouring,neighboring,rural,mainland"},
    {LEDE_CLASS_ORG,
     "university,college,school,institute,academy,bank,party,ministry,"
     "department,agency,council,committee,commission,company,co,co.,corp,"
     "corp.,corporation,inc,inc.,ltd,ltd.,plc,llc,group,holdings,airlines,"
     "airways,united,fc,club,union,association,federation,league,court,"
     "parliament,senate,congress,assembly,army,navy,police,force,forces,"
     "front,movement,organization,organisation,foundation,fund,society,trust,"
     "service,services,times,post,news,press,daily,herald,tribune,gazette,"
     "journal,magazine,network,radio,television,tv,broadcasting,authority,"
     "office,bureau,board,center,centre,hospital,church,museum,team,"
     "brothers,industries,systems,technologies,motors,energy,oil,gas,"
     "records,pictures,studios,entertainment,media,alliance,coalition,"
     "government,administration,guard,brigade,brigades,nations,stock,"
     "exchange,cup,championship,championships,olympics,games,award,awards,"
     "prize,festival,act,treaty,agreement,war,battle,constitution,bill,"
     "conference,summit,forum,accord,accords,declaration,bourse"},
    {LEDE_CLASS_SITE,
     "river,lake,sea,ocean,bay,gulf,strait,street,road,avenue,square,bridge,"
     "island,islands,isle,peninsula,mountain,mountains,mount,mt,mt.,hill,"
     "hills,valley,desert,forest,park,beach,port,harbour,harbor,cape,coast,"
     "county,province,district,region,state,prefecture,city,town,village,"
     "township,borough,airport,station,stadium,palace,castle,prison,border,"
     "canal,creek,falls,heights,highway,suburb,area,governorate,oblast,"
     "municipality,territory,camp,plateau,basin,delta,lane,boulevard,gmina,"
     "voivodeship,raion,commune,parish,shire,canton"},
    {LEDE_CLASS_PARTICLE,
     "van,von,der,den,de,du,da,dos,das,di,del,della,la,le,les,el,al,bin,ibn,"
     "bint,ben,ter,ten,zu,af,av,abu,abd,ould,y,e,st,o"},
    {LEDE_CLASS_LINK, "of,and,the,&,for,on,upon,de,du,la,le,des,do"},
    {LEDE_CLASS_DATE,
     "monday,tuesday,wednesday,thursday,friday,saturday,sunday,january,"
     "february,march,april,may,june,july,august,september,october,november,"
     "december,jan,jan.,feb,feb.,mar,apr,jun,jul,aug,aug.,sep,sept,sept.,"
     "oct,oct.,nov,nov.,dec,dec.,christmas,easter,ramadan,today,tomorrow,"
     "yesterday,spring,summer,autumn,winter"},
    {LEDE_CLASS_SUFFIX, "jr,jr.,sr,sr.,ii,iii,iv,junior,senior"},
    {LEDE_CLASS_COMMON,
     "the,a,an,this,that,these,those,but,and,or,nor,so,yet,for,if,when,while,"
     "where,why,how,what,who,which,whose,because,although,though,as,at,by,"
     "from,in,into,of,on,to,with,without,after,before,since,until,during,"
     "between,among,against,about,above,below,under,over,through,despite,"
     "however,meanwhile,moreover,furthermore,nevertheless,therefore,thus,"
     "then,there,here,now,also,even,only,just,still,again,once,later,earlier,"
     "soon,recently,finally,perhaps,maybe,yes,no,not,never,always,often,"
     "sometimes,he,she,it,they,we,you,i,his,her,its,their,our,your,my,him,"
     "them,us,me,one,two,three,four,five,six,seven,eight,nine,ten,some,many,"
     "most,all,both,each,every,any,few,several,other,another,more,less,such,"
     "officials,police,people,according,news,image,source,photo,video,watch,"
     "read,listen,share,file,getty,reuters,verify,live,breaking,analysis,"
     "update,updated,editor,picture,pictures,media,caption,"
     "thanks,please,let,let's,don't,i'm,it's,he's,she's,that's,there's,"
     "first,second,last,next,new,old,good,dear,hello,ok,are,is,was,were,do,"
     "nobody,somebody,everybody,anybody,someone,everyone,anyone,nothing,"
     "something,everything,anything,none,god,"
     "does,did,have,has,had,will,would,can,could,should,may,might,must"},
    {LEDE_CLASS_COUNTRY,
     "afghanistan,albania,algeria,andorra,angola,argentina,armenia,australia,"
     "austria,azerbaijan,bahamas,bahrain,bangladesh,barbados,belarus,belgium,"
     "belize,benin,bhutan,bolivia,bosnia,bosnia and herzegovina,"
     "bosnia-herzegovina,herzegovina,botswana,brazil,brunei,bulgaria,"
     "burkina faso,burma,burundi,cambodia,cameroon,canada,cape verde,"
     "central african republic,chad,chile,china,colombia,comoros,congo,"
     "drc,democratic republic of congo,democratic republic of the congo,"
     "costa rica,croatia,cuba,cyprus,czech republic,czechia,czechoslovakia,"
     "denmark,djibouti,dominica,dominican republic,east germany,east timor,"
     "ecuador,egypt,el salvador,england,equatorial guinea,eritrea,estonia,"
     "eswatini,ethiopia,fiji,finland,france,gabon,gambia,germany,ghana,"
     "great britain,britain,greece,grenada,guatemala,guinea,guinea-bissau,"
     "guyana,haiti,honduras,hong kong,hungary,iceland,india,indonesia,iran,"
     "iraq,ireland,northern ireland,israel,italy,ivory coast,côte d'ivoire,"
     "jamaica,japan,kazakhstan,kenya,kiribati,kosovo,kuwait,kyrgyzstan,laos,"
     "latvia,lebanon,lesotho,liberia,libya,liechtenstein,lithuania,"
     "luxembourg,macau,macedonia,north macedonia,madagascar,malawi,malaysia,"
     "maldives,mali,malta,mauritania,mauritius,mexico,micronesia,moldova,"
     "monaco,mongolia,montenegro,morocco,mozambique,myanmar,namibia,nauru,"
     "nepal,netherlands,new zealand,nicaragua,niger,nigeria,north korea,"
     "norway,oman,pakistan,palau,palestine,panama,papua new guinea,paraguay,"
     "peru,philippines,poland,portugal,puerto rico,qatar,romania,russia,"
     "rwanda,saint lucia,st lucia,samoa,san marino,saudi arabia,scotland,"
     "senegal,serbia,seychelles,sierra leone,singapore,slovakia,slovenia,"
     "solomon islands,somalia,somaliland,south africa,south korea,"
     "south sudan,soviet union,spain,sri lanka,sudan,suriname,swaziland,"
     "s. korea,n. korea,s. africa,w. germany,e. germany,n. ireland,"
     "sweden,switzerland,syria,taiwan,tajikistan,tanzania,thailand,togo,"
     "tonga,trinidad and tobago,trinidad,tunisia,turkey,türkiye,turkmenistan,"
     "tuvalu,uganda,ukraine,united arab emirates,uae,united "
     "kingdom,uk,u.k.,u.s.,"
     "united states,united states of america,usa,u.s.a.,uruguay,ussr,"
     "uzbekistan,vanuatu,vatican city,venezuela,vietnam,wales,west germany,"
     "yemen,yugoslavia,zaire,zambia,zimbabwe,europe,africa,asia,antarctica,"
     "north america,south america,latin america,central america,middle east,"
     "southeast asia,west africa,east africa,west bank,gaza,gaza strip,crimea,"
     "kashmir,chechnya,darfur,tibet,scandinavia,balkans,america"},
    {LEDE_CLASS_CITY,
     "london,paris,berlin,madrid,rome,vienna,brussels,amsterdam,lisbon,"
     "dublin,edinburgh,glasgow,belfast,cardiff,manchester,birmingham,"
     "liverpool,leeds,sheffield,bristol,oxford,cambridge,athens,budapest,"
     "prague,warsaw,bucharest,sofia,belgrade,zagreb,sarajevo,stockholm,oslo,"
     "copenhagen,helsinki,moscow,saint petersburg,st petersburg,"
     "kyiv,kiev,minsk,riga,vilnius,tallinn,geneva,zurich,"
     "munich,frankfurt,hamburg,cologne,milan,naples,turin,venice,florence,"
     "barcelona,istanbul,ankara,jerusalem,tel aviv,beirut,damascus,aleppo,"
     "baghdad,basra,mosul,tehran,riyadh,jeddah,mecca,doha,dubai,abu dhabi,"
     "kuwait city,muscat,sanaa,cairo,alexandria,tripoli,benghazi,tunis,"
     "algiers,casablanca,rabat,khartoum,addis ababa,nairobi,mombasa,kampala,"
     "kigali,dar es salaam,mogadishu,lagos,abuja,accra,dakar,kinshasa,"
     "johannesburg,cape town,pretoria,durban,harare,lusaka,luanda,maputo,"
     "kabul,kandahar,islamabad,karachi,lahore,peshawar,new delhi,delhi,"
     "mumbai,bombay,kolkata,calcutta,chennai,bangalore,hyderabad,dhaka,"
     "kathmandu,colombo,bangkok,hanoi,ho chi minh city,saigon,phnom penh,"
     "kuala lumpur,jakarta,manila,beijing,peking,shanghai,guangzhou,shenzhen,"
     "wuhan,taipei,seoul,pyongyang,tokyo,osaka,kyoto,hiroshima,sydney,"
     "melbourne,brisbane,perth,adelaide,canberra,auckland,wellington,"
     "christchurch,new york,new york city,washington,washington d.c.,"
     "los angeles,chicago,houston,philadelphia,boston,san francisco,seattle,"
     "detroit,dallas,atlanta,miami,denver,las vegas,new orleans,baltimore,"
     "cleveland,pittsburgh,minneapolis,st louis,the hague,san "
     "diego,toronto,montreal,"
     "vancouver,ottawa,calgary,quebec,mexico city,havana,bogota,bogotá,"
     "caracas,quito,lima,santiago,buenos aires,montevideo,rio de janeiro,"
     "são paulo,sao paulo,brasilia,brasília,california,texas,florida,"
     "new jersey,pennsylvania,ohio,michigan,illinois,massachusetts,"
     "connecticut,maryland,virginia,north carolina,south carolina,"
     "georgia,alabama,mississippi,louisiana,tennessee,kentucky,indiana,"
     "wisconsin,minnesota,iowa,missouri,arkansas,oklahoma,kansas,nebraska,"
     "south dakota,north dakota,montana,wyoming,colorado,new mexico,arizona,"
     "utah,nevada,idaho,oregon,alaska,hawaii,maine,new hampshire,"
     "vermont,rhode island,delaware,west virginia,ontario,british columbia,"
     "alberta,manitoba,saskatchewan,nova scotia,new south wales,queensland,"
     "tasmania,bavaria,catalonia,punjab,astana,tbilisi,yerevan,baku,tashkent,"
     "bishkek,dushanbe,ulaanbaatar,brooklyn,manhattan,hollywood,yorkshire,"
     "bonn,bern,luxembourg,reykjavik,ljubljana,bratislava,skopje,tirana,"
     "pristina,podgorica,chisinau,valletta,nicosia,amman,manama,vientiane,"
     "rangoon,yangon,port moresby,suva,asmara,juba,bangui,n'djamena,niamey,"
     "bamako,ouagadougou,conakry,freetown,monrovia,abidjan,lome,lomé,cotonou,"
     "libreville,yaounde,yaoundé,brazzaville,bujumbura,lilongwe,antananarivo,"
     "windhoek,gaborone,maseru,nouakchott,thimphu,managua,tegucigalpa,"
     "guatemala city,san salvador,panama city,port-au-prince,santo domingo,"
     "paramaribo,asuncion,asunción,la paz,"
     "kent,essex,sussex,cornwall,devon,mar-a-lago,élysée palace,"
     "elysée palace,elysee palace,élysée,elysée,elysee,downing street,red "
     "square,tahrir square,"
     "tiananmen square,buckingham palace,camp david"},
    {LEDE_CLASS_NATION,
     "afghan,african,albanian,algerian,american,americans,arab,arabs,arabic,"
     "argentine,armenian,asian,australian,australians,austrian,bangladeshi,"
     "belarusian,belgian,bolivian,bosnian,brazilian,british,briton,britons,"
     "bulgarian,burmese,cambodian,canadian,canadians,catholic,catholics,"
     "chechen,chilean,chinese,christian,christians,colombian,congolese,"
     "croatian,cuban,cypriot,czech,danish,democrat,democrats,democratic,"
     "dutch,egyptian,egyptians,english,eritrean,estonian,ethiopian,european,"
     "europeans,filipino,finnish,french,georgian,german,germans,ghanaian,"
     "greek,greeks,hindu,hindus,hungarian,indian,indians,indonesian,iranian,"
     "iranians,iraqi,iraqis,irish,islamic,islamist,israeli,israelis,italian,"
     "italians,ivorian,jamaican,japanese,jewish,jew,jews,jordanian,kazakh,"
     "kenyan,kenyans,korean,koreans,kosovar,kurd,kurdish,kurds,kuwaiti,"
     "latin,latvian,lebanese,liberian,libyan,lithuanian,malaysian,malian,"
     "maltese,maori,mexican,mexicans,moldovan,mongolian,moroccan,muslim,"
     "muslims,nazi,nazis,nepalese,nepali,nigerian,nigerians,norwegian,"
     "pakistani,pakistanis,palestinian,palestinians,peruvian,polish,"
     "portuguese,protestant,republican,republicans,romanian,russian,russians,"
     "rwandan,saudi,saudis,scottish,serb,serbian,serbs,shia,shiite,"
     "slovak,somali,somalis,soviet,spanish,sudanese,sunni,swedish,swiss,"
     "syrian,syrians,taiwanese,taliban,tamil,tanzanian,thai,tibetan,tunisian,"
     "turkish,turks,ugandan,ukrainian,ukrainians,uzbek,venezuelan,vietnamese,"
     "welsh,western,yemeni,zambian,zimbabwean"},
    {LEDE_CLASS_NATION,
     "andorran,angolan,antiguan,azerbaijani,azeri,bahamian,bahraini,bajan,"
     "barbadian,basque,beninese,berber,bhutanese,botswanan,bruneian,burkinabe,"
     "burkinabé,burundian,cameroonian,catalan,caribbean,chadian,comorian,"
     "costa "
     "rican,djiboutian,dominican,ecuadorean,ecuadorian,emirati,equatorial,"
     "fijian,flemish,gabonese,gambian,grenadian,guatemalan,guinean,guyanese,"
     "haitian,honduran,hungarian,icelander,icelandic,kyrgyz,lao,laotian,"
     "latino,luxembourgish,macedonian,malagasy,malawian,maldivian,mauritanian,"
     "mauritian,montenegrin,mozambican,namibian,nicaraguan,nigerien,omani,"
     "ossetian,panamanian,paraguayan,punjabi,qatari,salvadoran,samoan,"
     "scandinavian,senegalese,seychellois,sicilian,slav,slavic,slovenian,"
     "slovene,spaniard,swede,dane,finn,scot,pole,turk,briton,frenchman,"
     "frenchwoman,englishman,irishman,dutchman,swazi,tajik,tatar,togolese,"
     "tongan,tswana,turkmen,tuvaluan,uruguayan,uighur,uyghur,yazidi,yoruba,"
     "igbo,hausa,zulu,xhosa,kikuyu,luo,hutu,tutsi,oromo,tigrayan,pashtun,"
     "baloch,sikh,buddhist,anglican,orthodox,lutheran,mormon,methodist,shi'ite,"
     "shi'a,alawite,druze,baptist,evangelical,inuit,aboriginal,cherokee,navajo,"
     "balkan,baltic,nordic,arctic,mediterranean,siberian,bavarian,prussian,"
     "parisian,londoner,berliner,californian,texan,roman,byzantine,ottoman"},
    {LEDE_CLASS_FORENAME,
     "aaron,abdul,abdullah,abigail,adam,adrian,ahmad,ahmed,aisha,alan,albert,"
     "alejandro,alex,alexander,alexandra,alexei,alfred,ali,alice,alison,"
     "amanda,amir,amy,ana,andrea,andreas,andrei,andrew,andy,angela,anna,anne,"
     "anthony,antonio,arthur,ashley,barack,barbara,ben,benjamin,bernard,"
     "bill,bob,boris,brandon,brian,bruce,carl,carlos,carol,caroline,"
     "catherine,charles,charlie,charlotte,chloe,chris,christian,christina,"
     "christine,christopher,claire,claudia,colin,craig,daniel,danny,dave,"
     "david,deborah,denis,dennis,diana,diego,dmitry,donald,donna,dorothy,"
     "douglas,edward,elena,elizabeth,ella,emily,emma,eric,erik,ernest,eva,"
     "fatima,felix,fernando,fiona,frances,francis,francisco,francois,frank,"
     "fred,frederick,gareth,gary,geoffrey,george,gerald,gerard,gordon,grace,"
     "graham,greg,hannah,hans,harold,harry,hassan,heather,helen,henry,"
     "herbert,howard,hugh,hugo,ian,ibrahim,igor,irene,isaac,isabella,ivan,"
     "jack,jacob,jacques,james,jamie,jan,jane,janet,jason,javier,jean,jeff,"
     "jeffrey,jennifer,jeremy,jessica,jim,joan,joe,joel,johan,johannes,john,"
     "johnny,jon,jonathan,jorge,jose,josé,joseph,joshua,juan,judith,julia,"
     "julian,julie,justin,karen,karl,kate,katherine,kathleen,keith,kelly,"
     "ken,kenneth,kevin,khalid,kim,kirsty,lars,larry,laura,lauren,laurence,"
     "lawrence,leo,leon,leonard,lewis,liam,linda,lisa,liz,louis,louise,lucas,"
     "lucy,luis,luke,margaret,maria,marie,mario,mark,martha,martin,mary,"
     "matt,matthew,maurice,max,megan,michael,michelle,miguel,mike,mikhail,"
     "mohamed,mohammad,mohammed,molly,muhammad,mustafa,nancy,natalie,nathan,"
     "neil,nicholas,nick,nicola,nicole,nigel,nikolai,noah,norman,oleg,oliver,"
     "olivia,omar,oscar,pablo,pamela,patricia,patrick,paul,paula,pedro,peter,"
     "philip,phillip,pierre,rachel,ralph,raymond,rebecca,richard,rick,"
     "robert,roberto,robin,roger,ron,ronald,rory,rose,roy,russell,ruth,ryan,"
     "sally,sam,samantha,samuel,sandra,sara,sarah,scott,sean,sebastian,"
     "sergei,sergey,sharon,simon,sofia,sophie,stanley,stefan,stephanie,"
     "stephen,steve,steven,stuart,susan,suzanne,sylvia,teresa,terry,thomas,"
     "tim,timothy,toby,tom,tony,tracy,valerie,victor,victoria,vincent,"
     "vladimir,volodymyr,walter,wayne,wendy,wilfred,william,xavier,yusuf,"
     "yuri,yvonne,zoe,zoë"},
};

static const struct hint_list {
    uint16_t hints;
    const char *words;
} hints_by_hand[] = {
    {LEDE_HINT_FIRM,
     "inc,corp,co,cos,ltd,plc,llc,sa,ag,nv,gmbh,s.a.,s.p.a.,spa"},
    {LEDE_HINT_STATE, "republic,kingdom,state,sultanate,emirate"},
    {LEDE_HINT_LAND, "state,city,county,province"},
    {LEDE_HINT_PAPER,
     "newspaper,newspapers,daily,weekly,magazine,tabloid,website,channel,"
     "broadcaster,outlet,company,firm,bank,airline,carmaker,automaker,"
     "retailer,lender,insurer,conglomerate,subsidiary,startup,start-up,"
     "brokerage,stockbrokers,brokers"},
    {LEDE_HINT_HEADLINE_VERB,
     "sees,urges,forecasts,opposes,reiterates,meets,calls,backs,expects,"
     "rejects,defends,warns,hopes,vows,denies,favors,favours,visits,arrives,"
     "sets,resigns,quits,supports,wants,to,orders,signs,faces,criticises,"
     "criticizes,downgrades,upgrades,affirms,lowers,raises"},
    {LEDE_HINT_ABBREVIATION, LEDE_ABBREVIATIONS},
    {LEDE_HINT_HOUSE,
     "banque,banco,banca,bancorp,banc,credit,crédit,societe,société,compagnie,"
     "groupe,grupo,gruppo,compania,compañía"},
    {LEDE_HINT_AREA, /* as newspapers shorten them */
     "ala,ariz,ark,calif,colo,conn,del,fla,ga,ill,ind,kan,kans,ky,la,md,mass,"
     "mich,minn,miss,mo,mont,neb,nebr,nev,n.h.,n.j.,n.m.,n.y.,n.c.,n.d.,okla,"
     "ore,pa,penn,r.i.,s.c.,s.d.,tenn,tex,vt,va,wash,w.va.,wis,wyo,ont,que,"
     "alta,sask,man,n.s.,n.b.,b.c.,p.e.i."},
    {LEDE_HINT_STREET,
     "street,road,avenue,boulevard,drive,quay,square,airport,bridge,stadium,"
     "palace,peninsula"},
    {LEDE_HINT_EMPLOYED,
     "analyst,analysts,economist,economists,strategist,strategists,trader,"
     "traders,executive,executives,subsidiary,subsidiaries,affiliate,"
     "affiliates,shares,shareholder,shareholders,president,chairman,"
     "chairwoman"},
    {LEDE_HINT_LANDS,
     "gardens,docklands,springs,rapids,downs,fields,woods,lakes,flats,wells,"
     "heights,highlands,lowlands,midlands,bays,islands,plains,meadows,"
     "grasslands,wetlands,townships,suburbs,borders,territories,districts,"
     "counties,states,provinces,dales,marshes"},
};

/* What looks like a name and is nobody's and no place's: whole names. */
static const char *const strangers[] = {
    /* agencies, papers, broadcasters */
    "reuter,reuters,tanjug,tass,itar-tass,interfax,ansa,xinhua,antara,bernama,"
    "kyodo,getty,anadolu,ritzau,haaretz,al jazeera,al arabiya,al ahram,"
    "al-jazeera,al-arabiya,al-ahram,asahi shimbun,yomiuri shimbun,der spiegel,"
    "die welt,die zeit,le monde,le figaro,la repubblica,corriere della sera,"
    "el pais,el mundo,la stampa,la nacion,pravda,izvestia,kommersant,"
    "novaya gazeta,moskovsky komsomolets,jyllands-posten,dagens nyheter",
    /* houses of government, services */
    "kremlin,knesset,duma,pentagon,cabinet,mossad,shin bet,interpol,europol,"
    "bundestag,bundesrat,lok sabha,rajya sabha,majlis,oireachtas,riksdag,"
    "folketing,storting,sejm,rada,verkhovna rada,nato,nasa",
    /* armed groups, parties */
    "hamas,hezbollah,hizbollah,hizbullah,al qaeda,al-qaeda,al qaida,al-qaida,"
    "al shabaab,al-shabaab,boko haram,taliban,al nusra,al-nusra,fatah,likud,"
    "abu sayyaf,jemaah islamiyah,renamo,frelimo,unita,swapo,farc,solidarnosc",
    /* firms */
    "alibaba,tencent,foxconn,huawei,xiaomi,samsung,toyota,mitsubishi,hyundai,"
    "gazprom,rosneft,lukoil,petrobras,aramco,volkswagen,telefonica,siemens,"
    "boeing,airbus,google,facebook,twitter,whatsapp,tiktok,netflix,walmart,"
    "ikea,adidas,youtube,instagram,spotify,nokia,ericsson,goldman sachs,"
    "morgan stanley,merrill lynch,philip morris,lehman brothers,rolls royce,"
    "rolls-royce,harley davidson,harley-davidson,wells fargo,marks & spencer",
    /* and other things */
    "covid,covid-19,covid 19,ebola,omicron,zika,islam,rohingya,coronavirus,"
    "brexit,olympics,internet,god,prime,million,billion,roman catholic"};

static uint32_t slot_of(lede_lists *lists, uint32_t key)
{
    uint32_t at = key >> 7;

    for (;; at++) {
        at %= LEDE_LISTS_SLOTS;
        if (lists->keys[at] == 0 || lists->keys[at] == key) {
            lists->keys[at] = key;
            return at;
        }
    }
}

/* Bits that choose the slot do not choose the bit. */
static uint32_t bit_of(uint32_t phrase)
{
    return (phrase ^ phrase >> 17) % LEDE_LISTS_BITS;
}

static uint32_t hash_phrase(lede_span phrase)
{
    uint32_t hash = 0;
    size_t begin = 0;
    size_t i;

    for (i = 0; i <= phrase.len; i++) {
        if (i == phrase.len || phrase.bytes[i] == ' ') {
            hash = lede_phrase_hash(
                hash, lede_word_hash(lede_span_part(phrase, begin, i - begin)));
            begin = i + 1;
        }
    }
    return hash;
}

static void add_phrase(lede_lists *lists, lede_span phrase, uint16_t classes,
                       uint16_t hints)
{
    uint32_t hash = hash_phrase(phrase);
    uint32_t slot = slot_of(lists, hash);

    lists->classes[slot] |= classes;
    lists->hints[slot] |= hints;
    lists->bits[bit_of(hash) / 64] |= (uint64_t)1 << bit_of(hash) % 64;
}

/* A nation's people: "Kenyans" of "Kenyan". */
static void add_plural(lede_lists *lists, lede_span word)
{
    uint8_t plural[32];

    if (word.len + 1 < sizeof plural) {
        memcpy(plural, word.bytes, word.len);
        plural[word.len] = 's';
        add_phrase(lists, lede_span_of(plural, word.len + 1), LEDE_CLASS_NATION,
                   0);
    }
}

static void add_list(lede_lists *lists, const char *at, uint16_t classes,
                     uint16_t hints)
{
    while (*at != '\0') {
        size_t len = strcspn(at, ",");

        add_phrase(lists, lede_span_of(at, len), classes, hints);
        if (classes == LEDE_CLASS_NATION) {
            add_plural(lists, lede_span_of(at, len));
        }
        at += len + (at[len] == ',');
    }
}

/* The slot of a phrase among the strangers, or the free one where it belongs.
 */
static uint32_t stranger_slot(const lede_lists *lists, uint32_t phrase)
{
    uint32_t at = phrase >> 7;

    for (;; at++) {
        at %= LEDE_LISTS_STRANGERS;
        if (lists->strangers[at] == 0 || lists->strangers[at] == phrase) {
            return at;
        }
    }
}

static void add_strangers(lede_lists *lists, const char *phrases)
{
    while (*phrases != '\0') {
        size_t len = strcspn(phrases, ",");
        uint32_t hash = hash_phrase(lede_span_of(phrases, len));

        lists->strangers[stranger_slot(lists, hash)] = hash;
        phrases += len + (phrases[len] == ',');
    }
}

bool lede_lists_is_stranger(const lede_lists *lists, uint32_t phrase)
{
    return lists->strangers[stranger_slot(lists, phrase)] != 0;
}

void lede_lists_init(lede_lists *lists)
{
    size_t i;

    memset(lists, 0, sizeof *lists);
    for (i = 0; i < sizeof lists_by_hand / sizeof lists_by_hand[0]; i++) {
        add_list(lists, lists_by_hand[i].phrases, lists_by_hand[i].classes, 0);
    }
    for (i = 0; i < sizeof hints_by_hand / sizeof hints_by_hand[0]; i++) {
        add_list(lists, hints_by_hand[i].words, 0, hints_by_hand[i].hints);
    }
    for (i = 0; i < sizeof strangers / sizeof strangers[0]; i++) {
        add_strangers(lists, strangers[i]);
    }
}

/* The slot of a phrase, or -1. */
static int32_t find_slot(const lede_lists *lists, uint32_t phrase)
{
    uint32_t at = phrase >> 7;

    if ((lists->bits[bit_of(phrase) / 64] >> bit_of(phrase) % 64 & 1) == 0) {
        return -1;
    }
    for (;; at++) {
        at %= LEDE_LISTS_SLOTS;
        if (lists->keys[at] == phrase) {
            return (int32_t)at;
        }
        if (lists->keys[at] == 0) {
            return -1;
        }
    }
}

uint16_t lede_lists_get(const lede_lists *lists, uint32_t phrase)
{
    int32_t slot = find_slot(lists, phrase);

    return slot < 0 ? 0 : lists->classes[slot];
}

void lede_lists_mark(const lede_lists *lists, lede_word *words, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        int32_t slot;

        if ((words[i].flags & LEDE_WORD_RECALLED) != 0) {
            continue;
        }
        slot = find_slot(lists, lede_phrase_hash(0, words[i].low));
        words[i].classes = slot < 0 ? 0 : lists->classes[slot];
        words[i].hints = slot < 0 ? 0 : lists->hints[slot];
    }
}
