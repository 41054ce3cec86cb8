; The one page of our own in each direction: where and how; what goes with the program.

Var Folder
Var SessionBox
Var DesktopBox

Function ShowOptions
    !insertmacro MUI_HEADER_TEXT "${T_OPTIONS_TITLE}" "${T_OPTIONS_SUBTITLE}"
    nsDialogs::Create 1018
    Pop $R0
    ${NSD_CreateCheckBox} 0 0u 100% 11u "${T_SESSION}"
    Pop $SessionBox
    ${NSD_SetState} $SessionBox $WithSession
    ${NSD_CreateLabel} 12u 13u -12u 11u "${T_SESSION_MORE}"
    Pop $R0
    SetCtlColors $R0 "${MUTED}" transparent
    ${NSD_CreateCheckBox} 0 31u 100% 11u "${T_DESKTOP}"
    Pop $DesktopBox
    ${NSD_SetState} $DesktopBox $OnDesktop
    ${NSD_CreateLabel} 0 62u 100% 10u "${T_FOLDER}"
    Pop $R0
    ${NSD_CreateDirRequest} 0 74u -70u 13u "$INSTDIR"
    Pop $Folder
    ${NSD_CreateBrowseButton} -64u 73u 64u 15u "${T_BROWSE}"
    Pop $R0
    ${NSD_OnClick} $R0 BrowseFolder
    ${If} $Before != ""
        EnableWindow $Folder 0
        EnableWindow $R0 0
    ${EndIf}
    ${NSD_CreateLabel} 0 93u 100% 10u "${T_ROOM}"
    Pop $R0
    SetCtlColors $R0 "${MUTED}" transparent
    GetDlgItem $R0 $HWNDPARENT 1
    SendMessage $R0 ${WM_SETTEXT} 0 "STR:$(^InstallBtn)"
    nsDialogs::Show
FunctionEnd

Function BrowseFolder
    ${NSD_GetText} $Folder $R0
    nsDialogs::SelectFolderDialog "${T_BROWSE_TITLE}" "$R0"
    Pop $R1
    ${If} $R1 == error
        Return
    ${EndIf}
    ; A folder of its own, so that the program's files never lie among others.
    ${GetFileName} "$R1" $R2
    ${If} $R2 != "enn-desktop"
        StrCpy $R2 $R1 1 -1
        ${If} $R2 != "\"
            StrCpy $R1 "$R1\"
        ${EndIf}
        StrCpy $R1 "$R1enn-desktop"
    ${EndIf}
    ${NSD_SetText} $Folder "$R1"
FunctionEnd

Function LeaveOptions
    ${NSD_GetState} $SessionBox $WithSession
    ${NSD_GetState} $DesktopBox $OnDesktop
    ${NSD_GetText} $Folder $INSTDIR
    Push "$INSTDIR"
    Call Canonical
    Pop $INSTDIR
    Call FolderRefusal
    ${If} $R1 != ""
        Abort
    ${EndIf}
    Call DemandClosed
FunctionEnd

Var EraseBox

Function un.ShowRemoval
    !insertmacro MUI_HEADER_TEXT "${T_UN_TITLE}" "${T_UN_SUBTITLE}"
    nsDialogs::Create 1018
    Pop $R0
    ${NSD_CreateLabel} 0 0u 100% 45u "${T_UN}"
    Pop $R0
    ${NSD_CreateCheckBox} 0 58u 100% 11u "${T_UN_ERASE}"
    Pop $EraseBox
    ${NSD_SetState} $EraseBox $Erase
    ${NSD_CreateLabel} 12u 71u -12u 20u "${T_UN_ERASE_MORE}"
    Pop $R0
    SetCtlColors $R0 "${MUTED}" transparent
    GetDlgItem $R0 $HWNDPARENT 1
    SendMessage $R0 ${WM_SETTEXT} 0 "STR:$(^UninstallBtn)"
    nsDialogs::Show
FunctionEnd

Function un.LeaveRemoval
    ${NSD_GetState} $EraseBox $Erase
    Call un.DemandClosed
FunctionEnd
