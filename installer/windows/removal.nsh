; The uninstaller: exactly what was installed. Settings, catalogues and passwords only when asked; a document never.

Function un.onInit
    ${Note} "${L_UN_BEGIN}"
    Call un.ReadSwitches
    Call un.OnlyOneSetup
    Call un.DemandHome
    Call un.DemandClosed
FunctionEnd

; What cannot be taken back is done only for whoever writes it as it is written; a slip of the pen removes nothing.
Function un.ReadSwitches
    StrCpy $Erase 0
    ${GetParameters} $Switches
    ${Do}
        Call un.NextSwitch
        ${Switch} $R6
            ${Case} ""
                Return
            ${Case} "/S"
            ${Case} "/NCRC"
                ${Break}
            ${Case} "/EFFACER"
                ${If} $R0 == "oui"
                ${OrIf} $R3 = 0 ; without « = »
                    StrCpy $Erase 1
                ${ElseIf} $R0 == "non"
                    StrCpy $Erase 0
                ${Else}
                    ${Refuse} ${FAILED} "${T_YES_NO}"
                ${EndIf}
                ${Break}
            ${Default}
                ${Refuse} ${FAILED} "${T_UN_UNKNOWN}"
        ${EndSwitch}
    ${Loop}
FunctionEnd

; Copied to another place, beside files that only have the names of ours, it removes nothing.
Function un.DemandHome
    Push "$INSTDIR"
    Call un.Canonical
    Pop $INSTDIR
    ReadRegStr $R0 HKCU "${UNINSTALL_KEY}" "InstallLocation"
    Push "$R0"
    Call un.Canonical
    Pop $R0
    ${If} $R0 != $INSTDIR
        Call un.HasList
        ${If} $R9 = 0
            ${Refuse} ${FAILED} "${T_UN_MOVED}"
        ${EndIf}
    ${EndIf}
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
    DeleteRegKey HKCU "Software\Classes\AppUserModelId\${APP_ID}"

    Delete "$INSTDIR\enn-desktop.exe"
    Delete "$INSTDIR\enn-desktop.com"
    Push "$INSTDIR\${LIST}"
    Call un.RemoveListed
    Push "$INSTDIR\${LIST_BEGUN}"
    Call un.RemoveListed
    Call un.HasList
    ${If} $R9 = 0
        ; Somebody removed the list: the uninstaller knows its own version by heart.
        StrCpy $R0 ""
        !include "${GENERATED}/remove.nsh"
        !include "${GENERATED}/left.nsh"
        StrCpy $Left "$R0"
    ${EndIf}
    Delete "$INSTDIR\politique-enn.toml"
    Delete "$INSTDIR\prereglages.toml"
    StrCpy $Kept ""
    ${If} $Erase = 1
        Call un.ForgetSecrets ; twice: the second time finds what is left
        Call un.ForgetSecrets
        Call un.EraseProfile
        ${If} $Kept == ""
            ${Note} "${L_UN_ERASED}"
        ${EndIf}
    ${EndIf}

    ; The entry goes only with the last file: what is left can be removed by trying again.
    ${If} $Left != ""
        ${Note} "${T_UN_LEFT}"
        MessageBox MB_OK|MB_ICONEXCLAMATION "${T_UN_LEFT}" /SD IDOK
        SetErrorLevel ${FAILED}
        Abort
    ${EndIf}
    ${If} $Kept != ""
        ${Note} "${T_UN_KEPT}"
        MessageBox MB_OK|MB_ICONEXCLAMATION "${T_UN_KEPT}" /SD IDOK
        SetErrorLevel ${FAILED}
        Abort
    ${EndIf}
    DeleteRegValue HKCU "${RUN_KEY}" "enn-desktop"
    DeleteRegValue HKCU "${APPROVED_KEY}" "enn-desktop"
    DeleteRegValue HKCU "${PRODUCT_KEY}" "Pastell"
    DeleteRegKey /ifempty HKCU "${PRODUCT_KEY}"
    DeleteRegKey HKCU "${UNINSTALL_KEY}"
    Push "$INSTDIR\${LIST}"
    Call un.RemoveOwnList
    Push "$INSTDIR\${LIST_BEGUN}"
    Call un.RemoveOwnList
    Delete "$INSTDIR\${UNINSTALLER}"
    RMDir "$INSTDIR"
    ${Note} "${L_UN_DONE}"
SectionEnd

; Made by us or by her hand, a shortcut to a program that is gone helps nobody; one of another name is hers.
Function un.RemoveOwnDesktopShortcut
    Delete "$DESKTOP\enn-desktop.lnk"
FunctionEnd

; A file that only has the name of a list is somebody else's, and stays.
Function un.RemoveOwnList
    Exch $R0
    Push "$R0"
    Call un.IsOurList
    ${If} $R9 = 1
        Delete "$R0"
    ${EndIf}
    Pop $R0
FunctionEnd

; The vault of the user's session. system/secret_vault.py keeps a secret as « enn-desktop 0123456789ab », one that is long
; in parts, « enn-desktop 0123456789ab a1 »; keyring moves the one of before to « COMPTE@enn-desktop 0123456789ab ».
; $Kept becomes the name of one that was there at this look.
Function un.ForgetSecrets
    StrCpy $Kept ""
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
        Call un.IsOurSecret
        ${If} $R9 = 1
            StrCpy $Kept "$7"
            System::Call 'advapi32::CredDeleteW(w r7, i r6, i 0) i'
        ${EndIf}
        IntOp $3 $3 + 1
    ${EndWhile}
    System::Call 'advapi32::CredFree(p r2)'
FunctionEnd

; Sets $R9 to 1 when the entry $7 of the vault is one of ours. What follows « @enn-desktop » has 0, 13, 16 or 17 signs.
Function un.IsOurSecret
    StrCpy $R9 0
    StrCpy $8 $7 12
    ${If} $7 == "enn-desktop"
    ${OrIf} $8 == "enn-desktop "
        StrCpy $R9 1
    ${EndIf}
    StrCpy $8 $7 "" -12
    ${If} $8 == "@enn-desktop"
        StrCpy $R9 1
    ${EndIf}
    StrCpy $8 $7 13 -25
    ${If} $8 == "@enn-desktop "
        StrCpy $R9 1
    ${EndIf}
    StrCpy $8 $7 13 -28
    ${If} $8 == "@enn-desktop "
        StrCpy $R9 1
    ${EndIf}
    StrCpy $8 $7 13 -29
    ${If} $8 == "@enn-desktop "
        StrCpy $R9 1
    ${EndIf}
FunctionEnd

; Only the kinds of file that the program writes there, only where it writes them: whoever chose this place for her
; documents keeps them.
!macro EraseKind FILES
    Delete "${FILES}"
    ${If} ${FileExists} "${FILES}"
        StrCpy $Kept "${FILES}"
    ${EndIf}
!macroend

!macro EraseIn FOLDER
    !insertmacro EraseKind "${FOLDER}\*.toml"
    !insertmacro EraseKind "${FOLDER}\*.sqlite"
    !insertmacro EraseKind "${FOLDER}\*.sqlite-*"
    !insertmacro EraseKind "${FOLDER}\fenetre.ini"
    !insertmacro EraseKind "${FOLDER}\*.json"
    !insertmacro EraseKind "${FOLDER}\*.lock"
    !insertmacro EraseKind "${FOLDER}\*.log"
    !insertmacro EraseKind "${FOLDER}\*.log.*"
    !insertmacro EraseKind "${FOLDER}\.reglages-*"
    !insertmacro EraseKind "${FOLDER}\.*.json.part"
    !insertmacro EraseKind "${FOLDER}\.*.toml.part"
    RMDir "${FOLDER}"
!macroend

Function un.EraseProfile
    !insertmacro EraseIn "$LOCALAPPDATA\enn-desktop\demonstration\journaux"
    !insertmacro EraseIn "$LOCALAPPDATA\enn-desktop\demonstration\copies"
    !insertmacro EraseIn "$LOCALAPPDATA\enn-desktop\demonstration"
    !insertmacro EraseIn "$LOCALAPPDATA\enn-desktop\copies"
    !insertmacro EraseIn "$LOCALAPPDATA\enn-desktop\Logs"
    !insertmacro EraseIn "$LOCALAPPDATA\enn-desktop"
FunctionEnd
