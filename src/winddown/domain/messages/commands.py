"""What a text message that comes in says to the program: stop, start, or nothing. Everything else is a message from a person.

Only a text that is one of these words and no more is a command: "stop the pain" is a message. HELP is answered, and kept as a message too,
because a person in need writes the same word. The Arabic words and answers have not been checked by a speaker.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from winddown.domain.instruments.instrument import Words, said
from winddown.domain.suicide_safety.red_words import plainly

Command = Literal["stop", "start", "help", ""]
WORDS: Mapping[str, Mapping[Command, tuple[str, ...]]] = {
    "en": {
        "stop": ("stop", "stopall", "stop all", "unsubscribe", "cancel", "end", "quit"),
        "start": ("start", "unstop", "subscribe"),
        "help": ("help", "info"),
    },
    "es": {
        "stop": ("alto", "parar", "pare", "basta", "cancelar", "baja", "no mas mensajes"),
        "start": ("empezar", "iniciar", "inicio", "alta", "reanudar"),
        "help": ("ayuda", "informacion"),
    },
    "ar": {
        "stop": ("توقف", "قف", "ايقاف", "اوقف", "الغاء"),
        "start": ("ابدا", "بدء", "استيناف"),
        "help": ("مساعده", "معلومات"),
    },
}
STOPPED: Words = {
    "en": "{clinic}: no more reminders will come to this number. Write START to get them again.",
    "es": "{clinic}: ya no llegarán recordatorios a este número. Escriba EMPEZAR para volver a recibirlos.",
    "ar": "{clinic}: لن تصل تذكيرات أخرى إلى هذا الرقم. اكتب ابدأ لتصلك من جديد.",
}
STARTED: Words = {
    "en": "{clinic}: reminders will come to this number again. Write STOP to end them.",
    "es": "{clinic}: los recordatorios volverán a llegar a este número. Escriba ALTO para terminarlos.",
    "ar": "{clinic}: ستصل التذكيرات إلى هذا الرقم من جديد. اكتب توقف لإنهائها.",
}
KEPT: Words = {
    "en": "{clinic}: your message is kept. Nobody reads messages all the time. If it cannot wait, call us: {phone}. "
    "In an emergency call {emergency}.",
    "es": "{clinic}: su mensaje quedó guardado. Nadie lee los mensajes todo el tiempo. Si no puede esperar, llámenos: {phone}. "
    "En una emergencia llame al {emergency}.",
    "ar": "{clinic}: رسالتك محفوظة. لا أحد يقرأ الرسائل طوال الوقت. إذا كان الأمر لا ينتظر فاتصل بنا: {phone}. "
    "في الطوارئ اتصل بـ {emergency}.",
}
URGENT: Words = {
    "en": "{clinic}: do not wait for us. In an emergency call {emergency}. Somebody to talk to, day and night: {crisis}. "
    "Our number: {phone}.",
    "es": "{clinic}: no espere por nosotros. En una emergencia llame al {emergency}. Alguien con quien hablar, día y noche: {crisis}. "
    "Nuestro número: {phone}.",
    "ar": "{clinic}: لا تنتظرنا. في الطوارئ اتصل بـ {emergency}. للتحدث مع شخص ليلا ونهارا: {crisis}. رقمنا: {phone}.",
}


def command_of(text: str) -> tuple[Command, str]:
    """(what it asks for, the language of the word); ("", "") for everything else. Case, accents and punctuation do not count."""
    plain = " ".join(re.sub(r"[^\w\s]|_", " ", plainly(text)).split())
    for language, commands in WORDS.items():
        for command, words in commands.items():
            if plain in words:
                return command, language
    return "", ""


def reply(words: Words, language: str, **values: str) -> str:
    """One of the answers in that language, or in English. It repeats nothing of what came."""
    return said(words, language).format(**values)
