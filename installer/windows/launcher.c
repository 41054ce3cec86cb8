/* The program as Windows sees it: two files made from this one source.
 *
 *   enn-desktop.exe   no console: the window, the tray, the scheduled task (WINDOWED)
 *   enn-desktop.com   the same for a console; cmd and PowerShell choose it first when one types « enn-desktop »
 *
 * It loads the Python of its own folder, by its whole path, and has it run the package with the arguments as given.
 * It needs no C library, and only libraries that Windows has loaded into every process already. */

#include <windows.h>
#include <shellapi.h>

#define PYTHON L"python313.dll"
#define MUTEX L"Local\\fr.enn.desktop"
#define TITLE L"enn-desktop"
/* Told to whoever started us; the program's own codes stand in enn_desktop/core/exits.py, and none is that high. */
#define EXIT_INCOMPLETE 50
#define LONGEST 32768

typedef int(__cdecl *run_python)(int, wchar_t **);

static const wchar_t *const OPTIONS[] = {
    L"-I",           /* nothing from the environment, the current folder or the user's own packages */
    L"-B",           /* nothing is written beside the program */
    L"-X", L"utf8",  /* UTF-8 for pipes and files too */
    L"-m", L"enn_desktop",
};
#define OPTION_COUNT ((int)(sizeof OPTIONS / sizeof OPTIONS[0]))

static wchar_t message[LONGEST + 1024];
static wchar_t program[LONGEST];
static wchar_t library[LONGEST + 16];

static void say(const wchar_t *text)
{
#ifdef WINDOWED
    MessageBoxW(NULL, text, TITLE, MB_OK | MB_ICONERROR | MB_SETFOREGROUND);
#else
    static char bytes[3 * (LONGEST + 1024)];
    HANDLE errors = GetStdHandle(STD_ERROR_HANDLE);
    DWORD done, mode;
    int count;
    if (errors == NULL || errors == INVALID_HANDLE_VALUE) {
        return;
    }
    if (GetConsoleMode(errors, &mode)) {
        WriteConsoleW(errors, text, (DWORD)lstrlenW(text), &done, NULL);
        WriteConsoleW(errors, L"\r\n", 2, &done, NULL);
        return;
    }
    count = WideCharToMultiByte(CP_UTF8, 0, text, -1, bytes, (int)sizeof bytes, NULL, NULL);
    if (count > 1) {
        WriteFile(errors, bytes, (DWORD)count - 1, &done, NULL);
        WriteFile(errors, "\r\n", 2, &done, NULL);
    }
#endif
}

static __attribute__((noreturn)) void leave_incomplete(const wchar_t *what)
{
    wchar_t number[16];
    wsprintfW(number, L"%lu", GetLastError());
    lstrcpyW(message, L"enn-desktop ne peut pas démarrer\u00a0: ");
    lstrcatW(message, what);
    lstrcatW(message,
             L" manque ou n’est pas lisible.\r\n"
             L"Vos dossiers et vos réglages ne sont pas touchés.\r\n"
             L"Relancez le fichier d’installation d’enn-desktop\u202f; "
             L"si cela persiste, appelez votre prestataire (erreur Windows ");
    lstrcatW(message, number);
    lstrcatW(message, L").");
    say(message);
    ExitProcess(EXIT_INCOMPLETE);
}

/* Puts the path of our own file into « program », and the one of Python beside it into « library ». */
static void find_library(void)
{
    DWORD length = GetModuleFileNameW(NULL, program, LONGEST);
    if (length == 0 || length >= LONGEST) {
        leave_incomplete(L"le dossier du programme");
    }
    lstrcpyW(library, program);
    while (length > 0 && library[length - 1] != L'\\' && library[length - 1] != L'/') {
        length--;
    }
    lstrcpyW(library + length, PYTHON);
}

/* Returns the arguments for Python: our own file, its options, then what we were given, untouched. */
static wchar_t **arguments(int *count)
{
    int given_count = 0, here;
    wchar_t **given = CommandLineToArgvW(GetCommandLineW(), &given_count);
    wchar_t **all;
    if (given == NULL) {
        leave_incomplete(L"la ligne de commande");
    }
    *count = 1 + OPTION_COUNT + (given_count > 1 ? given_count - 1 : 0);
    all = HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, (SIZE_T)(*count + 1) * sizeof *all);
    if (all == NULL) {
        leave_incomplete(L"la mémoire");
    }
    all[0] = program;
    for (here = 0; here < OPTION_COUNT; here++) {
        all[1 + here] = (wchar_t *)OPTIONS[here];
    }
    for (here = 1; here < given_count; here++) {
        all[OPTION_COUNT + here] = given[here];
    }
    return all;
}

void start(void)
{
    HMODULE python;
    run_python run;
    wchar_t **all;
    int count;

    /* Neither the current folder nor PATH is ever searched for a library, by us or by what Python loads. */
    SetDllDirectoryW(L"");
    SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
    /* The installer sees by this that the program runs; Windows takes it away with the process. */
    CreateMutexW(NULL, FALSE, MUTEX);
    find_library();
    python = LoadLibraryExW(library, NULL, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (python == NULL) {
        leave_incomplete(PYTHON);
    }
    run = (run_python)(void *)GetProcAddress(python, "Py_Main");
    if (run == NULL) {
        leave_incomplete(PYTHON);
    }
    all = arguments(&count);
    ExitProcess((UINT)run(count, all));
}
