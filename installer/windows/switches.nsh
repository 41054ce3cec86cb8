; What the command line asks for, and what was installed before.

!macro SwitchFunctions
; Takes the next word off $Switches: its name into $R6, what follows « = » into $R0, both without quotes; both empty at
; the end. (GetOptions of NSIS cuts a value at its first « / »: an address has three.)
Function ${UN}NextSwitch
    StrCpy $R6 ""
    StrCpy $R0 ""
    StrCpy $R2 0 ; inside quotes
    StrCpy $R3 0 ; after the « = »
    ${Do}
        StrCpy $R4 $Switches 1
        StrCpy $Switches $Switches "" 1
        ${If} $R4 == ""
            Return
        ${ElseIf} $R4 == '"'
            IntOp $R2 1 - $R2
        ${ElseIf} $R4 == " "
        ${AndIf} $R2 = 0
            ${If} $R6 != ""
                Return
            ${EndIf}
        ${ElseIf} $R4 == "="
        ${AndIf} $R3 = 0
            StrCpy $R3 1
        ${ElseIf} $R3 = 0
            StrCpy $R6 "$R6$R4"
        ${Else}
            StrCpy $R0 "$R0$R4"
        ${EndIf}
    ${Loop}
FunctionEnd
!macroend

; A slip of the pen in a script for 500 computers must be heard at once: a switch that does not exist is refused.
Function ReadSwitches
    ${GetParameters} $Switches
    ${Do}
        Call NextSwitch
        ${If} $R6 == ""
            ${Break}
        ${EndIf}
        ${Switch} $R6
            ${Case} "/S"
            ${Case} "/NCRC"
                ${Break}
            ${Case} "/?"
                MessageBox MB_OK|MB_ICONINFORMATION "${T_HELP}" /SD IDOK
                SetErrorLevel ${DONE}
                Quit
            ${Case} "/RETOUR"
                StrCpy $GoBack 1
                ${Break}
            ${Case} "/PASTELL"
                Call CheckAddress
                StrCpy $Address "$R0"
                ${Break}
            ${Case} "/POLITIQUE"
                Call CheckFile
                StrCpy $Policy "$R0"
                ${Break}
            ${Case} "/REGLAGES"
                Call CheckFile
                StrCpy $Settings "$R0"
                ${Break}
            ${Case} "/SESSION"
                Call CheckChoice
                StrCpy $WithSession "$R0"
                ${Break}
            ${Case} "/BUREAU"
                Call CheckChoice
                StrCpy $OnDesktop "$R0"
                ${Break}
            ${Default}
                ${Refuse} ${FAILED} "${T_UNKNOWN}"
        ${EndSwitch}
    ${Loop}
    ${If} $Settings == ""
    ${AndIf} ${FileExists} "$EXEDIR\reglages.toml"
        ; A script put it there on purpose; among what was downloaded, it may be anybody's.
        ${IfNot} ${Silent}
            MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "${T_BESIDE}" /SD IDNO IDYES +2
                Return
        ${EndIf}
        StrCpy $Settings "$EXEDIR\reglages.toml"
    ${EndIf}
FunctionEnd

; Turns « oui » or « non » in $R0 into 1 or 0.
Function CheckChoice
    ${If} $R0 == "oui"
        StrCpy $R0 1
    ${ElseIf} $R0 == "non"
        StrCpy $R0 0
    ${Else}
        ${Refuse} ${FAILED} "${T_YES_NO}"
    ${EndIf}
FunctionEnd

; Turns the path in $R0 into a full one; refuses what is not a file.
Function CheckFile
    StrCpy $R1 ""
    ${If} $R0 != ""
        ClearErrors
        GetFullPathName $R1 "$R0"
        ClearErrors
    ${EndIf}
    ${If} $R1 == ""
    ${OrIfNot} ${FileExists} "$R1"
    ${OrIf} ${FileExists} "$R1\*.*"
        ${Refuse} ${FAILED} "${T_ABSENT}"
    ${EndIf}
    StrCpy $R0 "$R1"
FunctionEnd

; The program itself reads addresses with more care; here, only what is surely wrong is refused.
Function CheckAddress
    StrCpy $R2 $R0 8
    StrLen $R3 $R0
    ${WordFind} "$R0" " " "E+1{" $R4
    ${If} ${Errors}
        ClearErrors
        ${If} $R2 == "https://"
        ${AndIf} $R3 > 8
            Return
        ${EndIf}
    ${EndIf}
    ${Refuse} ${FAILED} "${T_ADDRESS}"
FunctionEnd

; Looks for a version that is already there: its folder, its number, what she chose then.
Function ReadBefore
    ReadRegStr $R0 HKCU "${PRODUCT_KEY}" "Msi"
    ${If} $R0 != ""
        ${Refuse} ${FAILED} "${T_MSI}"
    ${EndIf}
    ReadRegStr $Before HKCU "${UNINSTALL_KEY}" "DisplayVersion"
    ReadRegStr $Home HKCU "${UNINSTALL_KEY}" "InstallLocation"
    ${If} $Before == ""
    ${OrIf} $Home == ""
        StrCpy $Before ""
        Return
    ${EndIf}
    Push "$Home"
    Call Canonical
    Pop $Home
    ; Not to start with the session is her choice only where a program was installed to the end: the first copy may have
    ; been cut before it was written.
    Push "$Home\${LIST}"
    Call IsOurList
    ReadRegStr $R0 HKCU "${RUN_KEY}" "enn-desktop"
    ${If} $R9 = 1
    ${AndIf} $R0 == ""
        StrCpy $WithSession 0
    ${EndIf}
    ${If} ${FileExists} "$DESKTOP\enn-desktop.lnk"
        StrCpy $OnDesktop 1
    ${EndIf}
FunctionEnd

; An older version, or another folder, is not put beside or over what is there without a word.
Function CompareBefore
    StrCpy $R5 0
    ${If} $INSTDIR == "${USUAL_FOLDER}"
        StrCpy $R5 1
    ${EndIf}
    Push "$INSTDIR"
    Call Canonical
    Pop $INSTDIR
    ${If} $Before == ""
        Return
    ${EndIf}
    ${If} $R5 = 1
        StrCpy $INSTDIR "$Home"
    ${ElseIf} $INSTDIR != $Home
    ${AndIf} ${FileExists} "$Home\enn-desktop.exe"
        ${Refuse} ${FAILED} "${T_ELSEWHERE}"
    ${EndIf}
    ${VersionCompare} "$Before" "${VERSION}" $R1
    ${If} $R1 = 1
    ${AndIf} $GoBack = 0
        ${Refuse} ${FAILED} "${T_NEWER}"
    ${EndIf}
FunctionEnd
