"""What the patient takes home, in the languages we can stand for: no driving, whom to call, and that nobody watches from afar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LANGUAGES = ("en", "es")

TEXTS: Mapping[str, Mapping[str, Any]] = {
    "en": {
        "title": "Going home after your infusion",
        "for": "For",
        "rule": "No driving, no machines and no signing of papers until the next day, after a night's sleep.",
        "points": (
            "Go home with the adult who came for you today. Do not go alone, and not by taxi alone.",
            "No alcohol today. No sleeping pills or strong painkillers that your prescriber has not agreed to.",
            "You may feel tired, dizzy, sick or a little unreal for the rest of the day. Vivid dreams or strange feelings can come back "
            "until tomorrow.",
            "Stand up slowly. Eat and drink lightly at first.",
        ),
        "call": "Call us",
        "call_when": "if you vomit again and again, cannot pass water, have pain or blood when passing water, or anything worries you.",
        "emergency": "Call 911",
        "emergency_when": "for trouble breathing, chest pain, fainting, the worst headache of your life, or when hard to wake.",
        "crisis": "Call or text 988",
        "crisis_when": "at any hour if you think of harming yourself (in the United States). If you are in danger now, call 911.",
        "nobody": "Nobody watches you through this clinic's computer once you are home. Calling is how we know.",
        "escort": "Came for you",
        "signed": "Read together: patient or escort ______________________________   nurse ______________________________",
        "phone_blank": "our phone: ____________________",
    },
    "es": {
        "title": "De regreso a casa después de su infusión",
        "for": "Para",
        "rule": "No conduzca, no use máquinas y no firme documentos hasta el día siguiente, después de haber dormido una noche.",
        "points": (
            "Vuelva a casa con la persona adulta que vino por usted hoy. No vaya solo ni sola, tampoco en taxi.",
            "Nada de alcohol hoy. No tome pastillas para dormir ni analgésicos fuertes sin el acuerdo de quien le receta.",
            "Puede sentir cansancio, mareo, náusea o cierta irrealidad el resto del día. Los sueños intensos o las sensaciones extrañas "
            "pueden volver hasta mañana.",
            "Levántese despacio. Al principio coma y beba poco.",
        ),
        "call": "Llámenos",
        "call_when": "si vomita una y otra vez, si no puede orinar, si siente dolor o ve sangre al orinar, o si algo le preocupa.",
        "emergency": "Llame al 911",
        "emergency_when": "si le cuesta respirar, tiene dolor en el pecho, se desmaya, siente el peor dolor de cabeza de su vida, "
        "o si cuesta despertarle.",
        "crisis": "Llame al 988 y oprima 2",
        "crisis_when": "a cualquier hora si piensa en hacerse daño (en Estados Unidos). Si está en peligro ahora, llame al 911.",
        "nobody": "Nadie le vigila por la computadora de esta clínica cuando ya está en casa. Nos enteramos si usted llama.",
        "escort": "Vino por usted",
        "signed": "Leído juntos: paciente o acompañante ____________________________   enfermería ____________________________",
        "phone_blank": "nuestro teléfono: ____________________",
    },
}
