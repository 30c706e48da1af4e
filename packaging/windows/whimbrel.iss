; The installer for Windows, of what packaging/windows/build.ps1 has frozen:
;   ISCC.exe /DVersion=0.1.0 packaging\windows\whimbrel.iss
; Needs an Inno Setup that comes with Simplified Chinese (Languages\ChineseSimplified.isl).

#ifndef Version
  #error Give the version: ISCC.exe /DVersion=...
#endif
#define Name "Whimbrel"
#define Id "im.whimbrel.Whimbrel"
#define Home "https://whimbrel.im"
#define Program "whimbrel.exe"

[Setup]
AppId={#Id}
AppName={#Name}
AppVersion={#Version}
AppPublisher=The Whimbrel contributors
AppPublisherURL={#Home}
VersionInfoVersion={#Version}
LicenseFile=..\..\LICENSE
SetupIconFile=..\..\build\windows\whimbrel.ico
UninstallDisplayIcon={app}\{#Program}
UninstallDisplayName={#Name}
OutputDir=..\..\dist
OutputBaseFilename=whimbrel-{#Version}-setup
; For the person who runs it, without the administrator's password: {autopf} is then their own folder of programs.
PrivilegesRequired=lowest
DefaultDirName={autopf}\{#Name}
DisableProgramGroupPage=yes
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
; What Qt needs: Windows 10, version 1809
MinVersion=10.0.17763
WizardStyle=modern
ShowLanguageDialog=auto
Compression=lzma2/max
SolidCompression=yes
; An upgrade asks the running program to end, which it does properly.
CloseApplications=yes
RestartApplications=no
ChangesAssociations=yes

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "zh_CN"; MessagesFile: "compiler:Languages\ChineseSimplified.isl"

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked

[InstallDelete]
; Libraries of an older version that this one does not have
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "..\..\build\windows\whimbrel\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs
Source: "..\..\LICENSE"; DestDir: "{app}"; Flags: ignoreversion

[Icons]
; The id is what the program calls itself (platform\taskbar.py): by it notifications and the taskbar find the icon.
Name: "{autoprograms}\{#Name}"; Filename: "{app}\{#Program}"; AppUserModelID: "{#Id}"
Name: "{autodesktop}\{#Name}"; Filename: "{app}\{#Program}"; AppUserModelID: "{#Id}"; Tasks: desktopicon

[Registry]
; How notifications are signed
Root: HKA; Subkey: "Software\Classes\AppUserModelId\{#Id}"; ValueType: string; ValueName: "DisplayName"; ValueData: "{#Name}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\AppUserModelId\{#Id}"; ValueType: string; ValueName: "IconUri"; ValueData: "{app}\{#Program}"
; xmpp: links. The person chooses among the programs that offer themselves here.
Root: HKA; Subkey: "Software\Classes\{#Id}.xmpp"; ValueType: string; ValueData: "URL:XMPP address"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\{#Id}.xmpp"; ValueType: string; ValueName: "URL Protocol"; ValueData: ""
Root: HKA; Subkey: "Software\Classes\{#Id}.xmpp\DefaultIcon"; ValueType: string; ValueData: "{app}\{#Program},0"
Root: HKA; Subkey: "Software\Classes\{#Id}.xmpp\shell\open\command"; ValueType: string; ValueData: """{app}\{#Program}"" ""%1"""
Root: HKA; Subkey: "Software\{#Name}\Capabilities"; ValueType: string; ValueName: "ApplicationName"; ValueData: "{#Name}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\{#Name}\Capabilities"; ValueType: string; ValueName: "ApplicationDescription"; ValueData: "Chat with friends, on any provider"
Root: HKA; Subkey: "Software\{#Name}\Capabilities\URLAssociations"; ValueType: string; ValueName: "xmpp"; ValueData: "{#Id}.xmpp"
Root: HKA; Subkey: "Software\{#Name}"; Flags: uninsdeletekeyifempty
Root: HKA; Subkey: "Software\RegisteredApplications"; ValueType: string; ValueName: "{#Name}"; ValueData: "Software\{#Name}\Capabilities"; Flags: uninsdeletevalue
; Where no program has them yet, they are ours; see below for the end.
Root: HKA; Subkey: "Software\Classes\xmpp"; ValueType: string; ValueData: "URL:XMPP address"; Flags: createvalueifdoesntexist
Root: HKA; Subkey: "Software\Classes\xmpp"; ValueType: string; ValueName: "URL Protocol"; ValueData: ""; Flags: createvalueifdoesntexist
Root: HKA; Subkey: "Software\Classes\xmpp\shell\open\command"; ValueType: string; ValueData: """{app}\{#Program}"" ""%1"""; Flags: createvalueifdoesntexist
; The program may have written it: start at login
Root: HKCU; Subkey: "Software\Microsoft\Windows\CurrentVersion\Run"; ValueType: none; ValueName: "{#Id}"; Flags: dontcreatekey uninsdeletevalue

[Run]
Filename: "{app}\{#Program}"; Description: "{cm:LaunchProgram,{#Name}}"; Flags: nowait postinstall skipifsilent

; There is no [UninstallDelete]: settings and history lie in the person's own folders and stay there.

[Code]
procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Command: String;
begin
  { Of the class that all such programs share, only what is ours goes }
  if (Step = usPostUninstall)
    and RegQueryStringValue(HKA, 'Software\Classes\xmpp\shell\open\command', '', Command)
    and (Pos(Lowercase(ExpandConstant('{app}\{#Program}')), Lowercase(Command)) > 0) then
    RegDeleteKeyIncludingSubkeys(HKA, 'Software\Classes\xmpp');
end;
