; The uninstaller: exactly what was installed. Settings, catalogues and passwords only when asked; a document never.

Function un.onInit
    StrCpy $Erase 0
    ${GetParameters} $Switches
    ${Do}
        Call un.NextSwitch
        ${If} $R6 == "/EFFACER"
            StrCpy $Erase 1
        ${EndIf}
    ${LoopUntil} $R6 == ""
    ${Note} "${L_UN_BEGIN}"
    Call un.DemandClosed
FunctionEnd

Section "un.enn-desktop"
    SetOutPath "$TEMP" ; a folder cannot be removed by who stands in it
    ${Doing} "${T_DOING_REMOVE}"
    StrCpy $Left ""
    Push "$INSTDIR\${LIST}"
    Call un.DemandFree
    ; A task that starts a program that is gone would fail every day. The program knows its name; without one, it says so.
    nsExec::Exec /TIMEOUT=30000 '"$INSTDIR\enn-desktop.com" task remove'
    Pop $R0
    Delete "$SMPROGRAMS\enn-desktop.lnk"
    Call un.RemoveOwnDesktopShortcut
    DeleteRegValue HKCU "${RUN_KEY}" "enn-desktop"
    DeleteRegValue HKCU "${APPROVED_KEY}" "enn-desktop"
    DeleteRegKey HKCU "Software\Classes\AppUserModelId\${APP_ID}"

    Delete "$INSTDIR\enn-desktop.exe"
    Delete "$INSTDIR\enn-desktop.com"
    Push "$INSTDIR\${LIST}"
    Call un.RemoveListed
    Push "$INSTDIR\${LIST_BEGUN}"
    Call un.RemoveListed
    ${IfNot} ${FileExists} "$INSTDIR\${LIST}"
        ; Somebody removed the list: the uninstaller knows its own version by heart.
        StrCpy $R0 ""
        !include "${GENERATED}/remove.nsh"
        !include "${GENERATED}/left.nsh"
        StrCpy $Left "$R0"
    ${EndIf}
    Delete "$INSTDIR\politique-enn.toml"
    Delete "$INSTDIR\prereglages.toml"
    ${If} $Erase = 1
        Call un.ForgetSecrets
        Call un.EraseProfile
        ${Note} "${L_UN_ERASED}"
    ${EndIf}

    ; The entry goes only with the last file: what is left can be removed by trying again.
    ${If} $Left != ""
        ${Note} "${T_UN_LEFT}"
        MessageBox MB_OK|MB_ICONEXCLAMATION "${T_UN_LEFT}" /SD IDOK
        SetErrorLevel ${FAILED}
        Abort
    ${EndIf}
    DeleteRegValue HKCU "${PRODUCT_KEY}" "Pastell"
    DeleteRegKey /ifempty HKCU "${PRODUCT_KEY}"
    DeleteRegKey HKCU "${UNINSTALL_KEY}"
    Delete "$INSTDIR\${LIST}"
    Delete "$INSTDIR\${LIST_BEGUN}"
    Delete "$INSTDIR\${UNINSTALLER}"
    RMDir "$INSTDIR"
    ${Note} "${L_UN_DONE}"
SectionEnd

; Made by us or by her hand, a shortcut to a program that is gone helps nobody; one of another name is hers.
Function un.RemoveOwnDesktopShortcut
    Delete "$DESKTOP\enn-desktop.lnk"
FunctionEnd

; The vault of the user's session: keyring keeps our secrets as « enn-desktop » and « COMPTE@enn-desktop ».
Function un.ForgetSecrets
    System::Call 'advapi32::CredEnumerateW(p 0, i 0, *i .r1, *p .r2) i .r0'
    ${If} $0 = 0
        Return
    ${EndIf}
    StrCpy $3 0
    ${While} $3 < $1
        IntOp $4 $3 * ${NSIS_PTR_SIZE}
        IntPtrOp $4 $2 + $4
        System::Call '*$4(p .r5)'
        System::Call '*$5(i, i .r6, w .r7)' ; CREDENTIALW: Flags, Type, TargetName
        StrCpy $8 $7 "" -12
        ${If} $7 == "enn-desktop"
        ${OrIf} $8 == "@enn-desktop"
            System::Call 'advapi32::CredDeleteW(w r7, i r6, i 0) i'
        ${EndIf}
        IntOp $3 $3 + 1
    ${EndWhile}
    System::Call 'advapi32::CredFree(p r2)'
FunctionEnd

; Only the kinds of file that the program writes there, only where it writes them: whoever chose this place for her
; documents keeps them.
!macro EraseIn FOLDER
    Delete "${FOLDER}\*.toml"
    Delete "${FOLDER}\*.sqlite"
    Delete "${FOLDER}\*.sqlite-*"
    Delete "${FOLDER}\fenetre.ini"
    Delete "${FOLDER}\*.json"
    Delete "${FOLDER}\*.lock"
    Delete "${FOLDER}\*.log"
    Delete "${FOLDER}\*.log.*"
    Delete "${FOLDER}\.reglages-*"
    RMDir "${FOLDER}"
!macroend

Function un.EraseProfile
    !insertmacro EraseIn "$LOCALAPPDATA\enn-desktop\demonstration\journaux"
    !insertmacro EraseIn "$LOCALAPPDATA\enn-desktop\demonstration"
    !insertmacro EraseIn "$LOCALAPPDATA\enn-desktop\Logs"
    !insertmacro EraseIn "$LOCALAPPDATA\enn-desktop"
FunctionEnd
