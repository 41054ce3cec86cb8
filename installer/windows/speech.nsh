; How the setup and the uninstaller speak: a sentence on the screen, the same one in the log of a silent run.

!define LOG "$TEMP\enn-desktop-setup.log"
!define DONE 0
!define FAILED 2
!define RUNNING 3

; Adds a dated line to the log (UTF-16: the one encoding that NSIS writes and that Notepad and PowerShell both read).
!macro Note TEXT
    Push `${TEXT}`
    Call ${UN}WriteNote
!macroend
!define Note "!insertmacro Note"

; Says why nothing can go on, and leaves with that exit code. Only before the first file is touched.
!macro Refuse CODE TEXT
    ${Note} `${TEXT}`
    MessageBox MB_OK|MB_ICONSTOP `${TEXT}` /SD IDOK
    SetErrorLevel ${CODE}
    Quit
!macroend
!define Refuse "!insertmacro Refuse"

; Says above the bar what is being done; the names of the files that go by interest nobody.
!macro Doing TEXT
    SetDetailsPrint textonly
    DetailPrint `${TEXT}`
    SetDetailsPrint none
!macroend
!define Doing "!insertmacro Doing"

!macro SpeechFunctions
Function ${UN}WriteNote
    Exch $0
    Push $1
    Push $2
    Push $3
    Push $4
    Push $5
    Push $6
    Push $7
    Push $8
    ${GetTime} "" "L" $2 $3 $4 $5 $6 $7 $8
    ClearErrors
    FileOpen $1 "${LOG}" a
    ${IfNot} ${Errors}
        FileSeek $1 0 END
        FileWriteUTF16LE /BOM $1 "$4-$3-$2 $6:$7:$8  "
        ; One line per fact: the line breaks of the screen become spaces.
        Push "$0"
        Call ${UN}OnOneLine
        Pop $0
        FileWriteUTF16LE $1 "$0$\r$\n"
        FileClose $1
    ${EndIf}
    ClearErrors
    Pop $8
    Pop $7
    Pop $6
    Pop $5
    Pop $4
    Pop $3
    Pop $2
    Pop $1
    Pop $0
FunctionEnd

Function ${UN}OnOneLine
    Exch $0
    Push $1
    Push $2
    Push $3
    StrCpy $1 ""
    ${Do}
        StrCpy $2 $0 1
        StrCpy $0 $0 "" 1
        ${If} $2 == ""
            ${Break}
        ${ElseIf} $2 == "$\n"
            ${Continue}
        ${ElseIf} $2 == "$\r"
            StrCpy $2 " "
        ${EndIf}
        StrCpy $3 $1 1 -1
        ${If} "$3$2" != "  "
            StrCpy $1 "$1$2"
        ${EndIf}
    ${Loop}
    StrCpy $0 $1
    Pop $3
    Pop $2
    Pop $1
    Exch $0
FunctionEnd
!macroend
