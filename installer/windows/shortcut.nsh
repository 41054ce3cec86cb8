; A shortcut with the AppUserModelID that Windows asks for before it shows a notification.

!include "Win\COM.nsh"
!include "Win\Propkey.nsh"

!define APP_ID "fr.enn.desktop" ; the same as in system/app_identity.py

; Makes the shortcut whose path is on the stack.
Function MakeShortcut
    Exch $R0
    !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IShellLink} r0 ""
    ${If} $0 P<> 0
        ${IShellLink::SetPath} $0 '("$INSTDIR\enn-desktop.exe").r9'
        ${IShellLink::SetWorkingDirectory} $0 '("$INSTDIR").r9'
        ${IShellLink::SetDescription} $0 '("Vos dossiers Pastell, gardés sur ce poste").r9'
        ${IUnknown::QueryInterface} $0 '("${IID_IPropertyStore}",.r1)'
        ${If} $1 P<> 0
            System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.r2'
            System::Call '*(&w${NSIS_MAX_STRLEN} "${APP_ID}")p.r4'
            System::Call '*${SYSSTRUCT_PROPVARIANT}(${VT_LPWSTR},,p r4)p.r3'
            ${IPropertyStore::SetValue} $1 '($2,$3)'
            ${IPropertyStore::Commit} $1 ""
            System::Free $2
            System::Free $3
            System::Free $4
            ${IUnknown::Release} $1 ""
        ${EndIf}
        ${IUnknown::QueryInterface} $0 '("${IID_IPersistFile}",.r1)'
        ${If} $1 P<> 0
            ${IPersistFile::Save} $1 '("$R0",1)'
            ${IUnknown::Release} $1 ""
        ${EndIf}
        ${IUnknown::Release} $0 ""
    ${EndIf}
    Pop $R0
FunctionEnd

Function MakeShortcuts
    Push "$SMPROGRAMS\enn-desktop.lnk"
    Call MakeShortcut
    ${If} $OnDesktop = 1
        Push "$DESKTOP\enn-desktop.lnk"
        Call MakeShortcut
    ${EndIf}
FunctionEnd
