"""What in an answer claims nothing of the world, so that there is nothing to check."""

from __future__ import annotations

import re

QUESTION_MARKS = "?？؟՞፧⁇"
HEADING_ENDS = ":："
AROUND = " \t\r\n\"'“”‘’«»*_()（）"

# Whole sentences that are said for politeness. One line a language.
COURTESIES = (
    r"hello|hi|hey|thanks|thank you( very much| for .*)?|you('re| are) welcome|sure( thing)?|okay"
    r"|yes|no|of course|certainly|absolutely|(great|good|interesting) question|good (day|morning)"
    r"|(i )?hope (this|that|it) helps|(please )?let me know if .*|here('s| is| are) .*\banswer",
    r"hallo|guten tag|danke( schön)?|gern(e)?( geschehen)?|natürlich|bitte( schön)?|ja|nein",
    r"bonjour|salut|merci( beaucoup)?|bien sûr|de rien|je vous en prie|oui|non",
    r"hola|buenos días|(muchas )?gracias|de nada|claro|por supuesto|sí",
    r"ciao|buongiorno|grazie( mille)?|prego|certo|certamente",
    r"olá|bom dia|(muito )?obrigad[oa]|de nada|claro|com certeza|sim|não",
    r"привет|здравствуйте|спасибо|пожалуйста|конечно|да|нет",
    r"こんにちは|ありがとう(ございます)?|はい|いいえ|もちろんです",
    r"你好|您好|谢谢|不客气|当然|是的|不是",
    r"안녕하세요|감사합니다|네|아니요|물론입니다",
    r"مرحبا|شكرا|نعم|لا|بالطبع",
)
# Sentences that say that no answer was found. A claim about a person who knows nothing is none
# of these: the subject is the speaker, or what was read. Nor does one hide behind a comma.
ABSTENTIONS = (
    r"(i'm |i am )?(sorry|afraid)\b.{0,20}",
    r"(sorry,? |unfortunately,? )?(but )?i (do not|don't|do n't|cannot|can't|could not|couldn't)"
    r" (know|tell|say|answer|find)( (the|an|any|that|this|it|your) ?(answers?|questions?)?)?"
    r"( (in|from|to|for) [^,;]*)?",
    r"nothing (in|that|was|is)\b[^,;]*\b(answers?|found|relevant)\b[^,;]*",
    r"(the |these |those |my )?(given |provided |available )?"
    r"(passages?|contexts?|documents?|texts?|sources?|information)"
    r"( that (was|were) (given|provided))?( above| here| provided| given)?"
    r" (do|does|did) ?(not|n't) (contain|say|mention|answer|provide|include|specify|tell|state)"
    r"\b[^,;]*",
    r"(there is )?no (information|answer|evidence|passage)\b[^,;]*"
    r"\b(found|available|given|provided|answers?|question)\b[^,;]*",
    r"(ich weiß (es )?nicht|dazu (wurde|konnte) nichts [^,;]*)",
    r"keine (passage|quelle|angabe)\b[^,;]*",
    r"(je ne sais pas|aucun (passage|document)\b[^,;]*)",
    r"(no (lo )?sé|ningún (pasaje|documento)\b[^,;]*)",
    r"(non (lo )?so|nessun (passaggio|documento)\b[^,;]*)",
    r"(não sei|nenhum (trecho|documento)\b[^,;]*)",
)
COURTESY = re.compile("|".join(COURTESIES), re.IGNORECASE)
ABSTENTION = re.compile("|".join(ABSTENTIONS), re.IGNORECASE | re.DOTALL)
FINAL = re.compile(r"[\s.!。！…,;]+\Z")
WORD = re.compile(r"\w")


def claims_something(sentence: str) -> bool:
    """Whether a sentence, without citation marks, is one that can be true or false."""
    bare = sentence.strip(AROUND).replace("’", "'")
    if not WORD.search(bare) or bare.endswith(tuple(QUESTION_MARKS + HEADING_ENDS)):
        return False
    words = FINAL.sub("", bare)
    return not (COURTESY.fullmatch(words) or ABSTENTION.fullmatch(words))
