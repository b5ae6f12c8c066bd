"""The texts of `tokenization_small.json`: odd ones, each for a reason."""

EMPTY = ["", " ", " \t\n\u00a0\u2003\u3000 ", "\u200b", "\x01\x02"]

WHITE_SPACE = [
    "  lead and trail  ",
    "multiple    spaces\n\nnew\r\nlines\ttabs",
    "nbsp\u00a0em\u2003space\u3000ideographic\u1680ogham",
    # Python splits at these, other languages' \\s may not.
    "unit\x1fseparator record\x1eseparator group\x1dfile\x1cend",
    "vertical\x0btab form\x0cfeed next\x85line",
    "line\u2028separator paragraph\u2029separator",
    # Python does not split at these; the model's table turns them to spaces.
    "zero\u200bwidth\u200djoin\ufeffbom\u2060word",
    "\u180emongolian",
    "mark \u2581 of \u2581\u2581 words\u2581",
]

DIGIT_COMMA = [
    "In 1999, he sold 3,000, then 12,345,678, units, for $9,99, each.",
    "5, 6, 7,",
    "9,",
    "a9,",
    "9,9,",
    "1,,2,,,",
    "x1,y2,z3,",
    "(1984), \"1985,\" '1986,'",
    "in 2003, 2004, 2005, 2006, and 2007, the 1, 2, 4, 5, 6, 8, and 36,",
    "1,000,000,000, or 61,300,",
    "\uff11\uff12\uff13\uff0c\uff14\uff15\uff16\uff0c",
    "\u0661\u0662\u0663, \u0664\u0665,",
    "\u0967\u0968, \u0e51\u0e52,",
    "\u2460, \u2461, \u2167, \u00b2, \u00bd,",
    "\U0001d7cf\U0001d7d0\U0001d7d1,",
    "5\x01, \x015, 5,\x01",
    "5\u0301, 6\u20dd,",
    "5\u060c 6\u3001 7\uff0c",
]

SYMBOLS = [
    '( ) " - . \u2013 \u00a3 \u20ac',
    '(("")) -- .. \u2013\u2013 \u00a3\u00a3 \u20ac\u20ac',
    'a(b)c"d-e.f\u2013g\u00a3h\u20aci',
    "3.14 -2 \u20131 1-2 \u00a35 5\u20ac (6)",
    "\u2014 \u2012 \u2010 \u2011 \u2212 \uff0d \ufe63 \uff08a\uff09",
    "\u201csmart\u201d \u2018quotes\u2019 \u00abguillemets\u00bb \u2026",
    "[CLS] [SEP] [MASK] <pad> <unk> <s></s>",
    "``quoted'' text, don't can\u2019t",
    "http://example.com/a?b=c&d=e#f user@mail.org",
    "C++ C# .NET 3.14 1e-5 0x1F",
    "!!!???...,,,;;;:::",
    "\u2211\u222b\u221a\u03c0\u2248\u2260\u2264\u2265 \u2122\u00ae\u00a9",
]

CASE_AND_MARKS = [
    "ALL CAPS and MiXeD CaSe",
    "\u00c5\u00c4\u00d6 \u00e5\u00e4\u00f6 na\u00efve caf\u00e9",
    "e\u0301 vs \u00e9, e\u0301\u0302\u0323 and \u1ec7",
    "x\u0302 \u1ef9 z\u0304 q\u0307\u0323",
    "\u0301starts with a mark",
    "a \u0301 b",
    # Lower-casing makes this dotted i into an i and a mark, after the marks
    # were dropped: but NFKD took the dot away before.
    "\u0130stanbul I\u015eIK \u0131\u011f\u00fc\u015f\u00f6\u00e7",
    "Stra\u00dfe GRO\u1e9e",
    # The final sigma depends on what stands around it.
    "\u0391\u03a3 \u039f\u0394\u039f\u03a3, \u03a3\u0391\u03a3\u0391. \u03a3",
    "\u03a3\u0301\u03a3 \u0391\u03a3\u00ad \u0391\u03a3' \u0391.\u03a3\u0301",
    "\u041c\u043e\u0441\u043a\u0432\u0430 \u0401\u0419 \u0451\u0439",
    "\u01c5 \u01c6 \u01c4 \ufb01ne \ufb02u\ufb00",
    "\u2126 \u212b \u212a \u1e9b\u0323",
    "\U00010400\U00010401 \u13a0\u13b0 \u10a0",
]

SCRIPTS = [
    "\u5317\u4eac \u6771\u4eac \uc11c\uc6b8 \ud55c\uad6d\uc5b4",
    "\ud55c\uad6d \u1112\u1161\u11ab\u1100\u116e\u11a8",
    "\u30a2\u30a4\u30a6 \uff71\uff72\uff73 \u30ac \u304b\u3099 \uff76\uff9e",
    "\u0939\u093f\u0928\u094d\u0926\u0940 \u092d\u093e\u0937\u093e",
    "\u0627\u0644\u0639\u0631\u0628\u064a\u0629 \u05e9\u05b8\u05c1\u05dc\u05d5",
    "\u0e44\u0e17\u0e22 \u0e01\u0e33",
    # One character decomposes to four words.
    "\ufdfa and \ufdfb",
    "\u3210 \u3253 \u338f \u337f \u33a2",
    "\U0001f600\U0001f44d\U0001f3fd \U0001f468\u200d\U0001f469",
    "\U0001d518\U0001d52b\U0001d526\U0001d520\U0001d52c\U0001d521\U0001d522",
    "\u202eRTL\u202c soft\u00adhyphen",
    "\ue000private \U000f0000use \ufffe",
]

BROKEN = [
    "\x00null and \x00",
    "control\x01\x02\x07",
    "a\x80\x8f\x9fb",
    "lone \ud800 surrogate \udfff here",
    "half \ud83d of a \U0001f600",
    "\ufffd replacement",
]

LONG = [
    "a" * 300,
    "word " * 60,
    "1," * 80,
    "\u00bd" * 20,
    "supercalifragilisticexpialidocious antidisestablishmentarianism",
]

TEXTS = [
    *EMPTY,
    *WHITE_SPACE,
    *DIGIT_COMMA,
    *SYMBOLS,
    *CASE_AND_MARKS,
    *SCRIPTS,
    *BROKEN,
    *LONG,
]
