/* Windows' source of random bytes for programs written in Rust; Wine 8 has it under an older name only. */

#include <windows.h>

BOOLEAN NTAPI SystemFunction036(void *bytes, ULONG count); /* advapi32, known as RtlGenRandom */

__declspec(dllexport) BOOL ProcessPrng(BYTE *bytes, SIZE_T count)
{
    while (count > 0) {
        ULONG part = count > 0x10000 ? 0x10000 : (ULONG)count;
        if (!SystemFunction036(bytes, part)) {
            return FALSE;
        }
        bytes += part;
        count -= part;
    }
    return TRUE;
}
