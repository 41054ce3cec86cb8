; The setup of enn-desktop: per user, in French, without a licence to click away. Built by setup.py, which gives
; VERSION, VERSION_FOUR, GENERATED (the folder of the lists that it writes), OUT, ICON, SIDE, HEADER, SIZE_KB, SIZE_MB,
; ROOM_KB, LONGEST_NAME, APP_ID, APP_ID_BLOCK, and FAST or nothing, SIGN or nothing.

Unicode true
Target amd64-unicode
!ifdef FAST
    SetCompressor /SOLID zlib
!else
    SetCompressor /SOLID lzma
    SetCompressorDictSize 64
!endif

Name "enn-desktop"
OutFile "${OUT}"
RequestExecutionLevel user
ManifestSupportedOS all
ManifestDPIAware true
ManifestLongPathAware true
BrandingText "enn-desktop ${VERSION}"
Caption "Installation d’enn-desktop"
UninstallCaption "Désinstallation d’enn-desktop"
ShowInstDetails nevershow
ShowUninstDetails nevershow
AllowSkipFiles off
AutoCloseWindow true
CRCCheck on
XPStyle on

!define PUBLISHER "Eure Normandie Numérique"
!define PRODUCT_KEY "Software\enn-desktop"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\enn-desktop"
!define RUN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"
!define APPROVED_KEY "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
!define USUAL_FOLDER "$LOCALAPPDATA\Programs\enn-desktop"
!define UNINSTALLER "desinstaller.exe"
!define LIST "fichiers-installes.txt"
!define LIST_BEGUN "fichiers-en-cours.txt"
!define LIST_MARK "enn-desktop|liste|1" ; the first line of our lists; no file of Windows can have that name
!define MUTED "4F5D6B"
InstallDir "${USUAL_FOLDER}"

VIProductVersion "${VERSION_FOUR}"
VIAddVersionKey /LANG=1036 "ProductName" "enn-desktop"
VIAddVersionKey /LANG=1036 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=1036 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=1036 "FileDescription" "Installation d’enn-desktop"
VIAddVersionKey /LANG=1036 "CompanyName" "${PUBLISHER}"
VIAddVersionKey /LANG=1036 "LegalCopyright" "EUPL-1.2"

!include "MUI2.nsh"
!include "LogicLib.nsh"
!include "WinVer.nsh"
!include "FileFunc.nsh"
!include "TextFunc.nsh"
!include "WordFunc.nsh"
!include "texts.nsh"
!include "speech.nsh"

Var Switches
Var Address
Var Policy
Var Settings
Var WithSession
Var OnDesktop
Var Before
Var Home
Var GoBack
Var Tries
Var Left
Var Welcome
Var Done
Var Erase
Var Kept

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${SIDE}"
!define MUI_UNWELCOMEFINISHPAGE_BITMAP "${SIDE}"
!define MUI_HEADERIMAGE
!define MUI_HEADERIMAGE_RIGHT
!define MUI_HEADERIMAGE_BITMAP "${HEADER}"
!define MUI_HEADERIMAGE_BITMAP_STRETCH AspectFitHeight
!define MUI_BGCOLOR FFFFFF
!define MUI_TEXTCOLOR 1A2530
!define MUI_ABORTWARNING
!define MUI_ABORTWARNING_TEXT "${T_QUIT}"
!define MUI_CUSTOMFUNCTION_GUIINIT ReadyWindow

!define MUI_WELCOMEPAGE_TITLE "${T_WELCOME_TITLE}"
!define MUI_WELCOMEPAGE_TEXT "$Welcome"
!insertmacro MUI_PAGE_WELCOME
Page custom ShowOptions LeaveOptions
!define MUI_INSTFILESPAGE_FINISHHEADER_TEXT "${T_DONE_TITLE}"
!define MUI_INSTFILESPAGE_FINISHHEADER_SUBTEXT " "
!define MUI_INSTFILESPAGE_ABORTHEADER_TEXT "${T_STOPPED_TITLE}"
!define MUI_INSTFILESPAGE_ABORTHEADER_SUBTEXT "${T_STOPPED_SUBTITLE}"
!define MUI_PAGE_HEADER_TEXT "${T_COPYING_TITLE}"
!define MUI_PAGE_HEADER_SUBTEXT "${T_COPYING_SUBTITLE}"
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_TITLE "${T_DONE_TITLE}"
!define MUI_FINISHPAGE_TEXT "$Done"
!define MUI_FINISHPAGE_RUN "$INSTDIR\enn-desktop.exe"
!define MUI_FINISHPAGE_RUN_TEXT "${T_OPEN}"
!insertmacro MUI_PAGE_FINISH

UninstPage custom un.ShowRemoval un.LeaveRemoval
!define /redef MUI_INSTFILESPAGE_ABORTHEADER_TEXT "${T_UN_STOPPED_TITLE}"
!define /redef MUI_INSTFILESPAGE_ABORTHEADER_SUBTEXT " "
!define MUI_PAGE_HEADER_TEXT "${T_UN_WORKING_TITLE}"
!define MUI_PAGE_HEADER_SUBTEXT "${T_UN_WORKING_SUBTITLE}"
!insertmacro MUI_UNPAGE_INSTFILES
!define MUI_FINISHPAGE_TITLE "${T_UN_DONE_TITLE}"
!define MUI_FINISHPAGE_TEXT "${T_UN_DONE}"
!insertmacro MUI_UNPAGE_FINISH

!insertmacro MUI_LANGUAGE "French"
; What NSIS says by itself when a write fails, in our words.
LangString ^ErrorWriting 1036 "${T_FULL}"
LangString ^ErrorDecompressing 1036 "${T_CORRUPT}"

!define UN ""
!insertmacro SpeechFunctions
!include "guards.nsh"
!insertmacro GuardFunctions
!include "switches.nsh"
!insertmacro SwitchFunctions
!include "copying.nsh"
!insertmacro RemovalFunctions
!include "shortcut.nsh"
!include "wizard.nsh"

Function .onInit
    ${Note} "${L_BEGIN}"
    !insertmacro WindowsIsRecent
    Call OnlyOneSetup
    StrCpy $WithSession 1
    StrCpy $OnDesktop 0
    StrCpy $GoBack 0
    Call ReadBefore
    Call ReadSwitches
    Call CompareBefore
    StrCpy $Welcome "${T_WELCOME}"
    StrCpy $Done "${T_DONE}"
    ${If} $Before != ""
        StrCpy $Done "${T_DONE_AGAIN}"
        StrCpy $Welcome "${T_UPGRADE}"
        ${If} $Before == "${VERSION}"
            StrCpy $Welcome "${T_REPAIR}"
        ${EndIf}
    ${EndIf}
    ${If} ${Silent}
        Call FolderRefusal
        ${If} $R1 != ""
            SetErrorLevel ${FAILED}
            Quit
        ${EndIf}
        Call DemandClosed
    ${EndIf}
FunctionEnd

Function ReadyWindow
    ; The sentence about a program that is open comes before the first page.
    Call DemandClosed
FunctionEnd

Section "enn-desktop"
    !insertmacro CopyProgram
    Call KeepPresets
    Call StartWithSession
    Call MakeShortcuts
    Call EndList
    SetErrorLevel ${DONE}
    ${Note} "${L_DONE}"
SectionEnd

Function .onInstFailed
    ${Note} "${L_STOPPED}"
    SetErrorLevel ${FAILED}
FunctionEnd

!undef UN
!define UN "un."
!insertmacro SpeechFunctions
!insertmacro GuardFunctions
!insertmacro SwitchFunctions
!insertmacro RemovalFunctions
!include "removal.nsh"

!ifdef SIGN
    !uninstfinalize '${SIGN}' = 0
!endif
