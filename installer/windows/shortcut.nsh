; A shortcut with the AppUserModelID that Windows asks for before it shows a notification.

!include "Win\COM.nsh"
!include "Win\Propkey.nsh"

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
    Call HasProperties
    ${If} $R9 = 0
        Call AddProperties
    ${EndIf}
    Pop $R0
FunctionEnd

; Sets $R9 to 1 when the shortcut $R0 holds properties: four letters, « 1SPS », stand in front of them ([MS-PROPSTORE]).
Function HasProperties
    StrCpy $R9 0
    StrCpy $R8 ""
    ClearErrors
    FileOpen $R7 "$R0" r
    ${IfNot} ${Errors}
        ${Do}
            FileReadByte $R7 $R6
            ${If} ${Errors}
                ${Break}
            ${EndIf}
            StrCpy $R8 "$R8,$R6"
            ${If} $R8 == ",49,83,80,83"
                StrCpy $R9 1
                ${Break}
            ${EndIf}
            ${If} $R6 = 49
                StrCpy $R8 ",49"
            ${ElseIf} $R8 != ",49,83"
            ${AndIf} $R8 != ",49,83,80"
                StrCpy $R8 ""
            ${EndIf}
        ${Loop}
        FileClose $R7
    ${EndIf}
    ClearErrors
FunctionEnd

; A system may say that it took the name and forget it (Wine 8 does): the block of [MS-SHLLINK] 2.5.7 is then written
; here, in front of the four zeros that end a shortcut. setup.py gives it, as hexadecimal digits.
Function AddProperties
    ClearErrors
    FileOpen $R7 "$R0" a
    ${IfNot} ${Errors}
        FileSeek $R7 -4 END
        StrCpy $R8 "${APP_ID_BLOCK}00000000"
        ${Do}
            StrCpy $R6 $R8 2
            StrCpy $R8 $R8 "" 2
            ${If} $R6 == ""
                ${Break}
            ${EndIf}
            FileWriteByte $R7 "0x$R6"
        ${Loop}
        FileClose $R7
    ${EndIf}
    ClearErrors
FunctionEnd

Function MakeShortcuts
    Push "$SMPROGRAMS\enn-desktop.lnk"
    Call MakeShortcut
    ${If} $OnDesktop = 1
        Push "$DESKTOP\enn-desktop.lnk"
        Call MakeShortcut
    ${EndIf}
FunctionEnd
