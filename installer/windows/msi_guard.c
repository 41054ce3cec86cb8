/* Tells Windows Installer whether enn-desktop is open: it has no word of its own for that.
   Runs before the launch conditions, one of which then says the sentence. */
#include <windows.h>
#include <msi.h>
#include <msiquery.h>

__declspec(dllexport) UINT __stdcall LookForProgram(MSIHANDLE install)
{
    HANDLE open = OpenMutexW(SYNCHRONIZE, FALSE, L"Local\\fr.enn.desktop");
    if (open != NULL) {
        CloseHandle(open);
        MsiSetPropertyW(install, L"ENNOPEN", L"1");
    }
    return ERROR_SUCCESS;
}
