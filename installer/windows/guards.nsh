; What is looked at before anything is touched. Each guard ends with a sentence when it does not let pass.

!define MUTEX "Local\fr.enn.desktop"
!define SYNCHRONIZE 0x00100000

!macro GuardFunctions
; Asks for the program to be closed. The mutex tells of this session, the files of every session: Windows refuses to
; write over a program that runs.
Function ${UN}DemandClosed
    ${Do}
        StrCpy $R9 0
        System::Call 'kernel32::OpenMutexW(i ${SYNCHRONIZE}, i 0, w "${MUTEX}") p .R8'
        ${If} $R8 P<> 0
            System::Call 'kernel32::CloseHandle(p R8)'
            StrCpy $R9 1
        ${EndIf}
        ${If} ${FileExists} "$INSTDIR\enn-desktop.exe"
            Push "$INSTDIR\enn-desktop.exe"
            Call ${UN}IsHeld
        ${EndIf}
        ${If} ${FileExists} "$INSTDIR\enn-desktop.com"
            Push "$INSTDIR\enn-desktop.com"
            Call ${UN}IsHeld
        ${EndIf}
        ${If} $R9 = 0
            Return
        ${EndIf}
        ${Note} "${T_RUNNING}"
        MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${T_RUNNING}" /SD IDCANCEL IDRETRY +3
            SetErrorLevel ${RUNNING}
            Quit
    ${Loop}
FunctionEnd

; Sets $R9 to 1 when a file that is there cannot be written over. Changes nothing in it.
Function ${UN}IsHeld
    Exch $R7
    ClearErrors
    FileOpen $R8 "$R7" a
    ${If} ${Errors}
        ; Perhaps it may only be read: that is no one holding it.
        SetFileAttributes "$R7" NORMAL
        ClearErrors
        FileOpen $R8 "$R7" a
    ${EndIf}
    ${If} ${Errors}
        StrCpy $R9 1
    ${Else}
        FileClose $R8
    ${EndIf}
    ClearErrors
    Pop $R7
FunctionEnd

; Asks for every file of a list to be free. A scan by the antivirus lasts some seconds: those are waited for.
Function ${UN}DemandFree
    Exch $R5
    Call ${UN}OpenList
    ${If} $R4 != ""
        ${Do}
            Call ${UN}NextListed
            ${If} $R6 == ""
                ${Break}
            ${EndIf}
            ${If} $R7 == "\"
                ${Continue}
            ${EndIf}
            StrCpy $Tries 0
            ${Do}
                StrCpy $R9 0
                Push "$R6"
                Call ${UN}IsHeld
                ${If} $R9 = 0
                    ${Break}
                ${EndIf}
                StrCpy $R0 "$R6"
                Call ${UN}WaitOrLeave
            ${Loop}
        ${Loop}
        FileClose $R4
    ${EndIf}
    Pop $R5
FunctionEnd

; Opens the list $R5 into $R4, after its first line; « » when it is not there, or is a file of somebody else's.
Function ${UN}OpenList
    FileOpen $R4 "$R5" r
    ${If} $R4 != ""
        FileRead $R4 $R6
        ${If} $R6 != "${LIST_MARK}$\r$\n"
            FileClose $R4
            StrCpy $R4 ""
        ${EndIf}
    ${EndIf}
    ClearErrors
FunctionEnd

; Sets $R9 to 1 when the list whose path is on the stack is ours.
Function ${UN}IsOurList
    Exch $R5
    StrCpy $R9 0
    Call ${UN}OpenList
    ${If} $R4 != ""
        FileClose $R4
        StrCpy $R9 1
    ${EndIf}
    Pop $R5
FunctionEnd

; Sets $R9 to 1 when $INSTDIR has a list of ours: of a whole program, or of one that a copy left in pieces.
Function ${UN}HasList
    Push "$INSTDIR\${LIST}"
    Call ${UN}IsOurList
    ${If} $R9 = 0
        Push "$INSTDIR\${LIST_BEGUN}"
        Call ${UN}IsOurList
    ${EndIf}
FunctionEnd

; Gives the folder on the stack its one full name: no « .. », no doubled or last « \ », no short names of DOS.
Function ${UN}Canonical
    Exch $R0
    Push $R1
    Push $R2
    ${If} $R0 != ""
        System::Call 'kernel32::GetFullPathNameW(w R0, i ${NSIS_MAX_STRLEN}, w .R1, p 0) i .R2'
        ${If} $R2 <> 0
            StrCpy $R0 $R1
        ${EndIf}
        System::Call 'kernel32::GetLongPathNameW(w R0, w .R1, i ${NSIS_MAX_STRLEN}) i .R2'
        ${If} $R2 <> 0 ; zero when it is not there yet
            StrCpy $R0 $R1
        ${EndIf}
        StrCpy $R1 $R0 2 -2
        ${If} $R1 != ":\"
            StrCpy $R1 $R0 1 -1
            ${If} $R1 == "\"
                StrCpy $R0 $R0 -1
            ${EndIf}
        ${EndIf}
    ${EndIf}
    Pop $R2
    Pop $R1
    Exch $R0
FunctionEnd

; Two at once would undo each other's work. A silent one waits a minute for the other to end; at a screen, it is said.
Function ${UN}OnlyOneSetup
    StrCpy $Tries 0
    ${Do}
        System::Call 'kernel32::CreateMutexW(p 0, i 0, w "${MUTEX}.installation") p .R8 ?e'
        Pop $R9
        ${If} $R9 <> 183 ; ERROR_ALREADY_EXISTS
            Return ; Windows gives it back when this program ends
        ${EndIf}
        System::Call 'kernel32::CloseHandle(p R8)'
        IntOp $Tries $Tries + 1
        ${IfNot} ${Silent}
        ${OrIf} $Tries > 120
            ${Refuse} ${FAILED} "${T_TWICE}"
        ${EndIf}
        Sleep 500
    ${Loop}
FunctionEnd

; Waits half a second; after eight times, asks. « Annuler », or nobody to ask, ends it: nothing was touched yet.
Function ${UN}WaitOrLeave
    IntOp $Tries $Tries + 1
    ${If} $Tries < 8
        Sleep 500
        Return
    ${EndIf}
    StrCpy $Tries 0
    ${Note} "${T_HELD}"
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${T_HELD}" /SD IDCANCEL IDRETRY +3
        SetErrorLevel ${FAILED}
        Quit
FunctionEnd

; Reads the next line of the list that is open in $R4: its full path into $R6, « » at the end; $R7 is « \ » for a
; folder. A line that leads out of the program's folder, or to nothing, is passed over. No macro of NSIS that walks
; through a text letter by letter: there are thousands of lines.
Function ${UN}NextListed
    StrLen $R3 "$INSTDIR\"
    ${Do}
        ClearErrors
        FileRead $R4 $R6
        ${If} ${Errors}
            ClearErrors
            StrCpy $R6 ""
            Return
        ${EndIf}
        StrCpy $R6 $R6 -2 ; the end of the line
        StrCpy $R7 $R6 1 -1
        ${If} $R7 == "\"
            StrCpy $R6 $R6 -1
        ${EndIf}
        ClearErrors
        GetFullPathName $R6 "$INSTDIR\$R6"
        StrCpy $R2 $R6 $R3
        ${If} $R2 == "$INSTDIR\"
        ${AndIf} $R6 != "$INSTDIR\"
            Return
        ${EndIf}
    ${Loop}
FunctionEnd
!macroend

!macro WindowsIsRecent
    ${IfNot} ${AtLeastWin10}
    ${OrIfNot} ${AtLeastBuild} 17763
        ${Refuse} ${FAILED} "${T_OLD_WINDOWS}"
    ${EndIf}
!macroend

; The folder that was chosen: short enough for every file, not the profile's, nobody else's files in the way, writable.
Function FolderRefusal
    Call FolderTrouble
    ${If} $R1 != ""
        ${Note} "$R1"
        MessageBox MB_OK|MB_ICONEXCLAMATION "$R1" /SD IDOK
    ${EndIf}
FunctionEnd

Function FolderTrouble
    StrLen $R2 "$INSTDIR\"
    IntOp $R2 $R2 + ${LONGEST_NAME}
    ${If} $R2 > 259 ; MAX_PATH, less its final zero
        StrCpy $R1 "${T_TOO_DEEP}"
        Return
    ${EndIf}
    Push "$LOCALAPPDATA\enn-desktop"
    Call Canonical
    Pop $R2
    ${If} $INSTDIR == $R2
        StrCpy $R1 "${T_PROFILE}"
        Return
    ${EndIf}
    Call HasList
    ${If} $R9 = 0
        StrCpy $R0 ""
        !include "${GENERATED}/taken.nsh"
        ${If} $R0 != ""
            StrCpy $R1 "${T_TAKEN}"
            Return
        ${EndIf}
    ${EndIf}
    StrCpy $R3 0
    ${IfNot} ${FileExists} "$INSTDIR\*.*"
        StrCpy $R3 1
    ${EndIf}
    ClearErrors
    CreateDirectory "$INSTDIR"
    ${IfNot} ${Errors}
        GetTempFileName $R4 "$INSTDIR"
        ${If} $R4 != ""
            Delete "$R4"
        ${EndIf}
    ${EndIf}
    ${If} ${Errors}
        StrCpy $R1 "${T_NO_RIGHT}"
        ClearErrors
        Return
    ${EndIf}
    StrCpy $R1 ""
    Call EnoughRoom
    ${If} $R9 = 0
        StrCpy $R1 "${T_NO_ROOM}"
        ${If} $R3 = 1
            RMDir "$INSTDIR"
        ${EndIf}
    ${EndIf}
FunctionEnd

; Sets $R9 to 1 when the disk has room, counting what the program that is there gives back: what its entry says, or, of
; one that a copy left in pieces, what is really there.
Function EnoughRoom
    StrCpy $R6 0
    Push "$INSTDIR\${LIST_BEGUN}"
    Call IsOurList
    ${If} $R9 = 1
        ${GetSize} "$INSTDIR" "/S=0K" $R6 $R7 $R8
    ${Else}
        Push "$INSTDIR\${LIST}"
        Call IsOurList
        ${If} $R9 = 1
            ReadRegDWORD $R6 HKCU "${UNINSTALL_KEY}" "EstimatedSize"
        ${EndIf}
    ${EndIf}
    ${If} $R6 == ""
        StrCpy $R6 0
    ${EndIf}
    ClearErrors
    StrCpy $R9 1
    System::Call 'kernel32::GetDiskFreeSpaceExW(w "$INSTDIR", *l .R7, p 0, p 0) i .R8'
    ${If} $R8 <> 0
        System::Int64Op $R7 / 1024
        Pop $R7
        System::Int64Op $R7 + $R6
        Pop $R7
        System::Int64Op $R7 < ${ROOM_KB}
        Pop $R8
        ${If} $R8 = 1
            StrCpy $R9 0
        ${EndIf}
    ${EndIf}
FunctionEnd
