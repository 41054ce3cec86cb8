; The copy itself. Order: the launchers go → the old files go → what is somebody else's is put aside → the list of what
; comes → the new files → the launchers → the list has its final name. Cut at any point, nothing starts that is half old
; and half new, and the next setup knows what is ours.

; One file, waiting for whoever holds it.
!macro Put SOURCE NAME
    !define PUT ${__COUNTER__}
    StrCpy $Tries 0
    again_${PUT}:
    ClearErrors
    File "/oname=${NAME}" "${SOURCE}"
    IfErrors 0 done_${PUT}
        StrCpy $R0 "$OUTDIR\${NAME}"
        Call WaitOrStop
        Goto again_${PUT}
    done_${PUT}:
    !undef PUT
!macroend

; A name that we need is somebody else's: it is kept under another one, never written over.
Function KeepAside
    Exch $R0
    ${If} ${FileExists} "$R0"
        Push $R1
        StrCpy $Tries 0
        ${Do}
            StrCpy $R1 1
            ${While} ${FileExists} "$R0.garde-$R1"
                IntOp $R1 $R1 + 1
            ${EndWhile}
            ClearErrors
            Rename "$R0" "$R0.garde-$R1"
            ${IfNot} ${Errors}
                ${Break}
            ${EndIf}
            Call WaitOrStop
        ${Loop}
        StrCpy $R0 "$R0.garde-$R1"
        ${Note} "${T_KEPT_ASIDE}"
        Pop $R1
    ${EndIf}
    Pop $R0
FunctionEnd

Function WaitOrStop
    IntOp $Tries $Tries + 1
    ${If} $Tries < 20
        Sleep 500
        Return
    ${EndIf}
    StrCpy $Tries 0
    ${Note} "${T_HELD}"
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${T_HELD}" /SD IDCANCEL IDRETRY +3
        SetErrorLevel ${FAILED}
        Abort
FunctionEnd

!macro RemovalFunctions
; Removes every file of a list. $Left names one that could not be removed.
Function ${UN}RemoveListed
    Exch $R5
    Call ${UN}OpenList
    ${If} $R4 != ""
        ${Do}
            Call ${UN}NextListed
            ${If} $R6 == ""
                ${Break}
            ${EndIf}
            ${If} $R7 == "\"
                RMDir "$R6" ; only when nothing is left in it
            ${Else}
                ClearErrors
                Delete "$R6"
                ${If} ${Errors}
                    StrCpy $Left "$R6"
                ${EndIf}
            ${EndIf}
        ${Loop}
        FileClose $R4
        ClearErrors
    ${EndIf}
    Pop $R5
FunctionEnd
!macroend

; Inside the section, not a function: the bar only moves for what stands there.
!macro CopyProgram
    SetOutPath "$INSTDIR"
    ${If} $Before != ""
        ${Doing} "${T_DOING_CHECK}"
    ${EndIf}
    Push "$INSTDIR\${LIST}"
    Call DemandFree
    Push "$INSTDIR\${LIST_BEGUN}"
    Call DemandFree
    ${If} $Before != ""
        ${Doing} "${T_DOING_REMOVE}"
    ${EndIf}
    Call RemoveBefore
    ; What is still in the way now is nobody's of ours. Before our list names it: were this cut, the next setup would
    ; take it for ours.
    !include "${GENERATED}/aside.nsh"

    ${Doing} "${T_DOING_COPY}"
    SetOverwrite try
    !insertmacro Put "${GENERATED}/list.txt" "${LIST_BEGUN}"
    Call PutUninstaller
    Call Register

    !include "${GENERATED}/copy.nsh"
    SetOutPath "$INSTDIR"
!macroend

; The launchers first: from here to the end, nobody starts a program in pieces.
Function RemoveBefore
    Call HasList
    ${If} $R9 = 1
        Push "$INSTDIR\enn-desktop.exe"
        Call RemoveOne
        Push "$INSTDIR\enn-desktop.com"
        Call RemoveOne
        StrCpy $Tries 0
        ${Do}
            StrCpy $Left ""
            Push "$INSTDIR\${LIST}"
            Call RemoveListed
            Push "$INSTDIR\${LIST_BEGUN}"
            Call RemoveListed
            ${If} $Left == ""
                ${Break}
            ${EndIf}
            StrCpy $R0 "$Left"
            Call WaitOrStop
        ${Loop}
    ${Else}
        ; Perhaps our own, which could not remove itself while it ran there; perhaps not.
        Push "$INSTDIR\${UNINSTALLER}"
        Call KeepAside
    ${EndIf}
    ; A file that only has the name of a list is somebody else's.
    Push "$INSTDIR\${LIST}"
    Call KeepForeignList
    Push "$INSTDIR\${LIST_BEGUN}"
    Call KeepForeignList
FunctionEnd

; Removes the file whose path is on the stack, waiting for whoever holds it.
Function RemoveOne
    Exch $R0
    StrCpy $Tries 0
    ${Do}
        ClearErrors
        Delete "$R0"
        ${IfNot} ${Errors}
            ${Break}
        ${EndIf}
        Call WaitOrStop
    ${Loop}
    Pop $R0
FunctionEnd

Function KeepForeignList
    Exch $R0
    Push "$R0"
    Call IsOurList
    ${If} $R9 = 0
        Push "$R0"
        Call KeepAside
    ${EndIf}
    Pop $R0
FunctionEnd

Function PutUninstaller
    StrCpy $Tries 0
    ${Do}
        ClearErrors
        WriteUninstaller "$INSTDIR\${UNINSTALLER}"
        ${IfNot} ${Errors}
            ${Break}
        ${EndIf}
        StrCpy $R0 "$INSTDIR\${UNINSTALLER}"
        Call WaitOrStop
    ${Loop}
FunctionEnd

; The very last: a program whose list has its final name was installed whole, with all that goes with it.
Function EndList
    Delete "$INSTDIR\${LIST}"
    Rename "$INSTDIR\${LIST_BEGUN}" "$INSTDIR\${LIST}"
FunctionEnd

; The entry of « Applications installées ».
Function Register
    WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayName" "enn-desktop"
    WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
    WriteRegStr HKCU "${UNINSTALL_KEY}" "Publisher" "${PUBLISHER}"
    WriteRegStr HKCU "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\enn-desktop.exe"
    WriteRegStr HKCU "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
    WriteRegStr HKCU "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\${UNINSTALLER}"'
    WriteRegStr HKCU "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\${UNINSTALLER}" /S'
    WriteRegDWORD HKCU "${UNINSTALL_KEY}" "EstimatedSize" ${SIZE_KB}
    WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoModify" 1
    WriteRegDWORD HKCU "${UNINSTALL_KEY}" "NoRepair" 1
FunctionEnd

; What the contractor gave; what was given before stays where nothing new was given.
Function KeepPresets
    ${If} $Address != ""
        WriteRegStr HKCU "${PRODUCT_KEY}" "Pastell" "$Address"
    ${EndIf}
    ${If} $Policy != ""
        StrCpy $R0 "$Policy"
        Push "politique-enn.toml"
        Call CopyPreset
    ${EndIf}
    ${If} $Settings != ""
        StrCpy $R0 "$Settings"
        Push "prereglages.toml"
        Call CopyPreset
    ${EndIf}
FunctionEnd

Function CopyPreset
    Exch $R1
    ${If} $R0 != "$INSTDIR\$R1"
        ClearErrors
        CopyFiles /SILENT "$R0" "$INSTDIR\$R1"
        ${If} ${Errors}
            StrCpy $R0 "$INSTDIR\$R1"
            ${Note} "${T_HELD}"
            MessageBox MB_OK|MB_ICONSTOP "${T_HELD}" /SD IDOK
            SetErrorLevel ${FAILED}
            Abort
        ${EndIf}
    ${EndIf}
    Pop $R1
FunctionEnd

; Exactly as the program writes it (system/autostart.py): quotes only where there is a space.
Function StartWithSession
    ${If} $WithSession = 1
        StrCpy $R0 "$INSTDIR\enn-desktop.exe"
        ${WordFind} "$R0" " " "E+1{" $R1
        ${If} ${Errors}
            ClearErrors
        ${Else}
            StrCpy $R0 '"$R0"'
        ${EndIf}
        StrCpy $R0 "$R0 --tray"
        StrLen $R1 $R0
        ${If} $R1 <= 260 ; Windows passes over a longer one without a word
            WriteRegStr HKCU "${RUN_KEY}" "enn-desktop" "$R0"
        ${EndIf}
    ${Else}
        DeleteRegValue HKCU "${RUN_KEY}" "enn-desktop"
    ${EndIf}
FunctionEnd
