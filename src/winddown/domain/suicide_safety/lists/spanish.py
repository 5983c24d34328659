"""Spanish."""

from __future__ import annotations

from winddown.domain.suicide_safety.lists.phrase import Phrase, WordList, everyday

_HARM = (
    Phrase(r"suicid(?:io|ios|a|as|arme|arse|ar|andome|o)", "Pienso en el suicidio"),
    Phrase(r"(?:matarme|me mato|me voy a matar|me quiero matar|me matare)", "Quiero matarme"),
    Phrase(r"(?:quitarme|quitar me|quitarse) la vida", "Pensé en quitarme la vida"),
    Phrase(
        r"(?:acabar|terminar|poner fin|ponerle fin) (?:con |a )(?:mi vida|todo esto para siempre|todo de una vez)",
        "Quiero acabar con mi vida",
    ),
    Phrase(
        r"(?:quiero|quisiera|queria|deseo|desearia|preferiria|prefiero|ganas de|mejor) (?:morir(?:me)?|estar muert[oa])", "Quiero morir"
    ),
    Phrase(r"me (?:quiero|quisiera|gustaria) morir", "Me quiero morir"),
    Phrase(r"ojala (?:me muriera|estuviera muert[oa]|no despertara|no despierte)", "Ojalá no despertara", own_negation=True),
    Phrase(r"(?:estaria|estaria yo|estaran|estarian) mejor (?:muert[oa]|sin mi)", "Estarían mejor sin mí"),
    Phrase(
        r"no (?:quiero|deseo|quisiera) (?:vivir|seguir viviendo|seguir viv[oa]|despertar(?:me)?|estar aqui mas|existir)",
        "No quiero vivir",
        own_negation=True,
    ),
    Phrase(r"no (?:me importa|me importaria) (?:morir(?:me)?|si me muero)", "No me importa morir", own_negation=True),
    Phrase(
        r"(?:no (?:tiene|le veo) sentido|no vale la pena|sin ganas de|no tengo (?:ganas|razones|motivos) (?:de|para)) "
        r"(?:vivir|seguir viviendo|seguir viv[oa])",
        "No vale la pena vivir",
        own_negation=True,
    ),
    Phrase(
        r"(?:hacerme|hacer me) dano|lastimarme|cortarme|herirme|autolesion(?:es|arme)?|ahorcarme|pegarme un tiro|envenenarme",
        "Quiero hacerme daño",
    ),
    Phrase(r"sobredosis", "Pensé en una sobredosis"),
    Phrase(r"(?:tomarme|tragarme|me tome|tomar) todas (?:las|mis) (?:pastillas|tabletas|medicinas)", "Me tomé todas las pastillas"),
    Phrase(r"tirarme (?:de|desde|por|al) (?:un |el |la |una )?(?:puente|techo|ventana|balcon|tren|edificio)", "Voy a tirarme del puente"),
    Phrase(r"tirarme del (?:puente|techo|balcon|tren|edificio)", "Quiero tirarme del balcón"),
    Phrase(r"(?:ya )?no (?:puedo|aguanto)(?: vivir)?(?: asi)? mas", "Ya no puedo más", level="read", own_negation=True),
    Phrase(
        r"(?:sin esperanza|despedirme de todos|una carga para (?:todos|mi familia))",
        "Soy una carga para mi familia",
        level="read",
        own_negation=True,
    ),
)
_OTHER = (
    Phrase(
        r"no puedo respirar|me cuesta (?:mucho )?respirar|dificultad (?:para|al) respirar|problemas para respirar|falta (?:de|el) aire"
        r"|me falta (?:el )?aire|me ahogo|me estoy ahogando",
        "Me cuesta respirar",
        "breath",
        own_negation=True,
    ),
    Phrase(
        r"dolor (?:en|de) (?:el |mi )?pecho|me duele (?:mucho )?el pecho|(?:presion|opresion) en el pecho", "Me duele el pecho", "breath"
    ),
    Phrase(
        r"se me cierra la garganta|(?:lengua|cara) (?:muy )?hinchada|labios hinchados|se me hincha (?:la lengua|la cara)",
        "Tengo la lengua hinchada",
        "breath",
    ),
    Phrase(r"convulsi(?:on|ones)|me desmaye|se desmayo|perdi el conocimiento|inconsciente|no despierta", "Tuvo una convulsión", "nerves"),
    Phrase(
        r"(?:el )?peor dolor de cabeza|dolor de cabeza (?:repentino|subito)|no (?:puedo ver|veo (?:nada|bien))|perdi la (?:vista|vision)"
        r"|(?:se me )?(?:torcio|cayo) la cara|hablo enredado|muy confundid[oa]",
        "El peor dolor de cabeza de mi vida",
        "nerves",
        own_negation=True,
    ),
    Phrase(r"(?:tome|tomado|trague) (?:de mas|demasiad[oa]s?)|doble dosis|el doble de la dosis", "Tomé demasiadas tabletas", "overdose"),
    Phrase(
        r"me (?:pega|golpea|golpeo|amenaza|amenazo|maltrata|maltrato|violo|viola|patea)|abusa de mi|"
        r"(?:miedo de|miedo a) mi (?:esposo|marido|pareja|novio|esposa|novia|padre|madre|hijo|hija|hermano)"
        r"|no estoy segur[oa] en (?:mi )?casa",
        "Mi esposo me golpea",
        "violence",
        own_negation=True,
    ),
    Phrase(
        r"no (?:puedo|logro|he podido|pude) (?:orinar|hacer pis|vaciar la vejiga)|no orino|retencion de orina",
        "No puedo orinar desde ayer",
        "urine",
        own_negation=True,
    ),
    Phrase(
        r"sangre (?:en|con) (?:la |mi )?(?:orina|pis)|orin[oea] (?:con )?sangre|orina (?:roja|rosada|con sangre)", "Orino sangre", "blood"
    ),
    Phrase(
        r"ketamina (?:en (?:mi )?casa|que sobro|de la calle|de un amigo)|(?:tengo|sobro|compre|use|tome|inhale) (?:mas |algo de )?ketamina",
        "Tengo ketamina en casa",
        "drug",
    ),
)
SPANISH = WordList(
    "es",
    "Español",
    "2",
    "unverified",
    (*_HARM, *_OTHER),
    everyday(
        "el los y con una pero muy yo hoy ayer dolor estoy tengo esta mi mis lo del al su porque cuando todo siento "
        "duele noche dia dias bien mejor peor usted gracias manana mucho poco tambien desde hasta sesion cita dormi "
        "camine algo mas ya voy quiero puedo fue he me que no por la hola como ahora casa tarde ayuda favor"
    ),
)
