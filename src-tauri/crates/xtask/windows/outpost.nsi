; Outpost for Windows, for one user, without administrator's rights. Needs WebView2, which is looked for, never fetched.
Unicode true
!include "MUI2.nsh"
!include "x64.nsh"
; VERSION, FROM (the folder of the programs) and ICON are given on the command line.
Name "Outpost"
OutFile "${FROM}/outpost-${VERSION}-setup.exe"
InstallDir "$LOCALAPPDATA\Programs\Outpost"
InstallDirRegKey HKCU "Software\Outpost" "Folder"
RequestExecutionLevel user
SetCompressor /SOLID lzma
VIProductVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "Outpost"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "Offline electronic case-report forms"
VIAddVersionKey "LegalCopyright" "Apache-2.0 OR MIT"
!define MUI_ICON "${ICON}"
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "SimpChinese"
!define KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Outpost"
!define WV "{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}"
Function .onInit
  ${IfNot} ${RunningX64}
    MessageBox MB_ICONSTOP "Outpost needs 64-bit Windows." /SD IDOK
    Abort
  ${EndIf}
  SetRegView 64
  ReadRegStr $0 HKLM "SOFTWARE\WOW6432Node\Microsoft\EdgeUpdate\Clients\${WV}" "pv"
  ${If} $0 == ""
    ReadRegStr $0 HKCU "Software\Microsoft\EdgeUpdate\Clients\${WV}" "pv"
  ${EndIf}
  ${If} $0 == ""
    MessageBox MB_ICONEXCLAMATION "The WebView2 Runtime is missing: ask whoever looks after this computer to install it." /SD IDOK
  ${EndIf}
FunctionEnd
Section
  SetOutPath "$INSTDIR"
  File "${FROM}/outpost.exe"
  File "${FROM}/WebView2Loader.dll"
  File "${FROM}/outpost-center.exe"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  CreateShortcut "$SMPROGRAMS\Outpost.lnk" "$INSTDIR\outpost.exe"
  WriteRegStr HKCU "Software\Outpost" "Folder" "$INSTDIR"
  WriteRegStr HKCU "${KEY}" "DisplayName" "Outpost"
  WriteRegStr HKCU "${KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
SectionEnd
Section Uninstall
  ; Vaults under AppData stay: they are the site's records.
  Delete "$INSTDIR\outpost.exe"
  Delete "$INSTDIR\WebView2Loader.dll"
  Delete "$INSTDIR\outpost-center.exe"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\Outpost.lnk"
  DeleteRegKey HKCU "${KEY}"
  DeleteRegKey HKCU "Software\Outpost"
SectionEnd
