"""Words that leave no doubt about what a message is: an injected order, distress, advice-seeking, the future, privacy.

They come before any likeness of meaning, because missing one of them costs more than a wrong guess.
"""

import re

INJECTION = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}"
    r"\b(?:instructions?|rules?|prompts?|guidelines|restrictions)\b"
    r"|\b(?:system|developer|hidden)\s+(?:prompt|message|instructions?)\b"
    r"|\b(?:developer|jailbreak|dan|god)\s+mode\b"
    r"|\byou are now\b|\bact as (?:an?|my)\b|\bpretend (?:to be|you are|you're)\b"
    r"|^\s*system\s*:|<\|?(?:im_start|system)",
    re.IGNORECASE,
)
DISTRESS = re.compile(
    # Wishing not to be here, said of oneself or of someone near.
    r"\b(?:kill(?:ing)? (?:myself|himself|herself)|suicid\w*|end (?:it all|things|my life)|want to die|hurt myself"
    r"|self[- ]harm|not wake up|don'?t want to (?:live|be here)|no reason to live|give up on life"
    r"|better off (?:dead|without (?:me|him|her|them))|if i (?:were|was) (?:gone|dead)|wish i (?:were|was) dead"
    r"|(?:no|a) point in (?:living|being here|going on)"
    r"|what(?:'?s| is) the point (?:any ?more|of (?:it all|living|going on)))\b"
    # What was lost carried a life, not a position.
    r"|\b(?:i|we|i'?ve|we'?ve|just)\s+(?:have\s+)?lost "
    r"(?:everything|it all|(?:all )?(?:my|our) (?:life )?savings)\b"
    r"|\b(?:lost|gone|gambled)\b.{0,30}\b(?:my|our|the) "
    r"(?:house|home|rent|deposit|savings|pension|student loan|payroll)\b"
    # The same in other languages, as far as single words leave no doubt.
    r"|\b(?:selbstmord|mich umbringen|nicht mehr leben|suicidio|suicidarme|quitarme la vida|me suicider|me tuer"
    r"|intihar|suicidarsi|me matar|samobójstwo)\b|самоуб|自杀|自殺"
    # How it feels.
    r"|\bi(?:'?m| am| have| feel)?\b.{0,40}"
    r"\b(?:crying|hopeless|worthless|ashamed|desperate|devastated|shaking|panicking"
    r"|sick and|so stupid|a burden)\b|\b(?:is|says|feels) (?:s?he'?s |they'?re )?(?:worthless|hopeless)\b"
    r"|\bcan'?t (?:sleep|eat|breathe|go on|face (?:it|them|him|her)"
    r"|stop (?:crying|shaking|opening|trading|gambling))\b",
    re.IGNORECASE,
)
_TRADE = (
    r"(?:buy|sell|hold|hodl|close|exit|open|enter|short|long|use|add|reduce|average|wait|invest|cut|get (?:in|out)"
    r"|go (?:all|in|long|short)|take|move|put|pull|stay|dump|keep|do now)"
)
ADVICE = re.compile(
    r"(?<!where )(?<!how )\b(?!do (?:i|we) (?:still )?(?:keep|get)\b)(?:should|shall|ought|do)"
    rf"\s+(?:i|we|my \w+)\b(?: \w+){{0,3}} {_TRADE}\b(?!.{{0,40}}\b(?:pay|receive)\b)"
    rf"|\b(?:good|right|best|bad|smart|safe) (?:time|moment|entry|idea|place|exchange)? ?to (?:open a |go )?{_TRADE}\b"
    r"|\b(?:is (?:it|now)|would it be|am i) (?:really |too )?(?:smart|wise|safe|worth it|crazy|stupid|dumb|ok(?:ay)?"
    r"|an? (?:good|bad|smart|dumb|crazy|stupid) idea) (?:to|if)\b"
    r"|\b(?:good|bad|smart|dumb|crazy) idea to\b|\b(?:best|safest|right) leverage\b|\blump sum or\b|\bdca or\b"
    r"|\bwhere should i (?:put|set|place) my (?:stop|take-profit|entry)\b"
    r"|\bwhat (?:do|should) i tell (?:him|her|them)\b"
    r"|\bhow should (?:investors?|people|holders?|one|we|i) (?:react|respond|behave)\b"
    r"|\b(?:what|which) (?:leverage|coin|token|crypto) (?:should|would|do you|to (?:buy|use))\b"
    r"|\bwhich exchange is (?:safest|best)\b"
    r"|\bwould you (?:buy|sell|hold|short)\b|\b(?:recommend|advise) (?:me|a|an|buying|selling)\b"
    r"|\b(?:buy|sell|hold|add(?: \w+)?|close(?: \w+)?|wait|stay(?: in)?|get (?:in|out)|exit|cut)"
    r" or (?:buy|sell|hold|wait|close|add|stay|get (?:in|out)|exit|cut)\b"
    r"|\btell me which it is\b|\btell me (?:what to (?:do|buy|sell)|whether to)\b"
    r"|\bwith everything,? (?:yeah|yes|right)\b|\ball[- ]in\b(?! (?:one|a|the)\b)",
    re.IGNORECASE,
)
FUTURE = re.compile(
    r"\b(?:will|gonna|going to)\b.{0,40}"
    r"\b(?:price|reach|hit|recover|crash|go|be|bounce|drop|fall|rise|pump|dump|10x|happen|collapse|fail|fold)\b"
    r"|\bprice (?:prediction|target|forecast)s?\b|\b(?:predict|forecast)\b"
    r"|\bwhen\b(?: \w+)? (?:is|are|will) the next\b|\bis (?:the|this|that) (?:the )?(?:bottom|top) in\b"
    r"|\bhave we (?:bottomed|seen the bottom)\b"
    r"|\bby (?:the )?(?:end of (?:the )?(?:year|month|week)|christmas|20[3-9]\d)\b|\b(?:in|by) 20(?:2[7-9]|[3-9]\d)\b",
    re.IGNORECASE,
)
PRIVATE = re.compile(
    r"\buser ?(?:id|name)\b|\baccount (?:number|id)\b|\breal name\b|\bname and address\b|\bhome address\b"
    r"|\bexact(?:ly)?(?: how many| number of) (?:people|families|households|persons)\b"
    r"|\bmy (?:brother|sister|neighbou?r|friend|boss|uncle|aunt|cousin|ex|father|mother|dad|mum)\b.{0,20}"
    r"\b(?:lose|lost|made)\b"
    r"|\bhow much (?:money )?(?:did|does|do|has|have) (?:\w+ ){1,3}(?:earn|make|made|earned|profit|pocket)(?:ed)?\b"
    r".{0,20}\bliquidat"
    r"|\b(?:own|internal|secret) (?:trading )?(?:desk|book|queue)\b"
    r"|\b(?:firm by firm|trader by trader|wallet by wallet)\b",
    re.IGNORECASE,
)
