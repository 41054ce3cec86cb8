/* What Windows Installer has no word of its own for. */
#include <windows.h>
#include <msi.h>
#include <msiquery.h>

#define RUN L"Software\\Microsoft\\Windows\\CurrentVersion\\Run"
#define APPROVED L"Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\StartupApproved\\Run"
#define CLASS L"Software\\Classes\\AppUserModelId\\fr.enn.desktop"

/* Whether the program is open. Runs before the launch conditions, one of which then says the sentence. */
__declspec(dllexport) UINT __stdcall LookForProgram(MSIHANDLE install)
{
    HANDLE open = OpenMutexW(SYNCHRONIZE, FALSE, L"Local\\fr.enn.desktop");
    if (open != NULL) {
        CloseHandle(open);
        MsiSetPropertyW(install, L"ENNOPEN", L"1");
    }
    return ERROR_SUCCESS;
}

/* Takes away what the program itself wrote after the installation; what is not there is no failure. */
__declspec(dllexport) UINT __stdcall ForgetProgram(MSIHANDLE install)
{
    (void)install;
    RegDeleteKeyValueW(HKEY_CURRENT_USER, RUN, L"enn-desktop");
    RegDeleteKeyValueW(HKEY_CURRENT_USER, APPROVED, L"enn-desktop");
    RegDeleteTreeW(HKEY_CURRENT_USER, CLASS);
    return ERROR_SUCCESS;
}
