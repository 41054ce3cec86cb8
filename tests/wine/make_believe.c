/* Stands for the program in the tests of the setup. Its first word says what it does, until its input ends:
   open   holds the program's mutex
   hold   holds a file without sharing it
   lend   holds a file that others may read and write, but neither remove nor rename
   busy   holds the mutex of a setup
   keep   puts a secret into the vault under this name, and ends
   task   notes in %LOCALAPPDATA%, taches.txt, what it was asked
   kept   ends with 0 when the vault has that secret, 1 otherwise */
#include <stdio.h>
#include <wchar.h>
#include <windows.h>
#include <wincred.h>

static int wait_for_end(void)
{
    puts("ready");
    fflush(stdout);
    while (getchar() != EOF) {
    }
    return 0;
}

int wmain(int count, wchar_t **words)
{
    const wchar_t *what = count > 1 ? words[1] : L"";
    if (wcscmp(what, L"open") == 0) {
        CreateMutexW(NULL, FALSE, L"Local\\fr.enn.desktop");
        return wait_for_end();
    }
    if (wcscmp(what, L"hold") == 0)
        return CreateFileW(words[2], GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE
            ? 9 : wait_for_end();
    if (wcscmp(what, L"lend") == 0)
        return CreateFileW(words[2], GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL)
            == INVALID_HANDLE_VALUE ? 9 : wait_for_end();
    if (wcscmp(what, L"busy") == 0) {
        CreateMutexW(NULL, FALSE, L"Local\\fr.enn.desktop.installation");
        return wait_for_end();
    }
    if (wcscmp(what, L"keep") == 0) {
        CREDENTIALW secret = {0};
        secret.Type = CRED_TYPE_GENERIC;
        secret.TargetName = words[2];
        secret.UserName = L"compte";
        secret.CredentialBlob = (BYTE *)"secret";
        secret.CredentialBlobSize = 6;
        secret.Persist = CRED_PERSIST_LOCAL_MACHINE;
        return CredWriteW(&secret, 0) ? 0 : 9;
    }
    if (wcscmp(what, L"task") == 0) {
        wchar_t place[MAX_PATH];
        FILE *notes;
        if (!ExpandEnvironmentStringsW(L"%LOCALAPPDATA%\\taches.txt", place, MAX_PATH))
            return 9;
        notes = _wfopen(place, L"a");
        return notes == NULL || fprintf(notes, "task %ls\n", words[2]) < 0 || fclose(notes) != 0;
    }
    if (wcscmp(what, L"kept") == 0) {
        CREDENTIALW *found;
        return CredReadW(words[2], CRED_TYPE_GENERIC, 0, &found) ? 0 : 1;
    }
    return 0;
}
