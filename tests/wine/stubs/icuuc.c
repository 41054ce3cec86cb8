/* Windows 10 has an ICU of its own, from which Qt takes text encodings; Wine has none.
 * Every function here refuses, as an ICU without its data does: Qt keeps to the encodings that it knows itself. */

enum { U_FILE_ACCESS_ERROR = 4 };

#define EXPORTED __declspec(dllexport)

/* Opening fails, so nothing below is ever given a converter. */
EXPORTED void *ucnv_open(const char *name, int *error)
{
    (void)name;
    *error = U_FILE_ACCESS_ERROR;
    return 0;
}

EXPORTED int ucnv_countAvailable(void)
{
    return 0;
}

EXPORTED const char *ucnv_getAvailableName(int place)
{
    (void)place;
    return 0;
}

EXPORTED const char *ucnv_getStandardName(const char *name, const char *standard, int *error)
{
    (void)name;
    (void)standard;
    *error = U_FILE_ACCESS_ERROR;
    return 0;
}

#define NEVER_REACHED(function) EXPORTED int function(void) { return 0; }

NEVER_REACHED(ucnv_cbFromUWriteUChars)
NEVER_REACHED(ucnv_cbToUWriteUChars)
NEVER_REACHED(ucnv_close)
NEVER_REACHED(ucnv_fromUCountPending)
NEVER_REACHED(ucnv_fromUnicode)
NEVER_REACHED(ucnv_getFromUCallBack)
NEVER_REACHED(ucnv_getMaxCharSize)
NEVER_REACHED(ucnv_getName)
NEVER_REACHED(ucnv_getToUCallBack)
NEVER_REACHED(ucnv_reset)
NEVER_REACHED(ucnv_setFromUCallBack)
NEVER_REACHED(ucnv_setToUCallBack)
NEVER_REACHED(ucnv_toUCountPending)
NEVER_REACHED(ucnv_toUnicode)
NEVER_REACHED(UCNV_FROM_U_CALLBACK_SUBSTITUTE)
NEVER_REACHED(UCNV_TO_U_CALLBACK_SUBSTITUTE)
