# Builds dist\whimbrel-VERSION-setup.exe on Windows, with Python 3.11 or newer and Inno Setup:
#   powershell -ExecutionPolicy Bypass -File packaging\windows\build.ps1
# Set WHIMBREL_SIGN to a command that signs the file given to it as its last argument, to have program and installer signed.
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
Set-Location (Join-Path $PSScriptRoot '..\..')

$built = 'build\windows'
Remove-Item -Recurse -Force $built -ErrorAction SilentlyContinue
New-Item -ItemType Directory -Force $built | Out-Null

function Invoke-Checked {
    & $args[0] $args[1..($args.Length - 1)]
    if ($LASTEXITCODE -ne 0) { throw "$($args[0]) ended with $LASTEXITCODE" }
}

function Set-Signature([string] $file) {
    if ($env:WHIMBREL_SIGN) { Invoke-Checked cmd /c "$env:WHIMBREL_SIGN `"$file`"" }
}

Invoke-Checked python -m venv "$built\venv"
$python = "$built\venv\Scripts\python.exe"
Invoke-Checked $python -m pip install --quiet --require-hashes -r packaging\requirements.lock -r packaging\requirements-build.lock

Invoke-Checked $python packaging\pyinstaller\icons.py ico "$built\whimbrel.ico"
Invoke-Checked $python packaging\windows\version_resource.py "$built\version.txt"
$env:WHIMBREL_ICON = Join-Path (Get-Location) "$built\whimbrel.ico"
$env:WHIMBREL_VERSION_RESOURCE = Join-Path (Get-Location) "$built\version.txt"
Invoke-Checked $python -m PyInstaller --noconfirm --log-level WARN --distpath $built --workpath "$built\work" packaging\pyinstaller\whimbrel.spec
Set-Signature "$built\whimbrel\whimbrel.exe"

$version = & $python packaging\windows\version_resource.py
$compiler = @(
    (Get-Command ISCC.exe -ErrorAction SilentlyContinue).Source
    "${env:ProgramFiles(x86)}\Inno Setup 6\ISCC.exe"
    "$env:ProgramFiles\Inno Setup 7\ISCC.exe"
) | Where-Object { $_ -and (Test-Path $_) } | Select-Object -First 1
if (-not $compiler) { throw 'Inno Setup is not installed' }
Invoke-Checked $compiler /Qp "/DVersion=$version" packaging\windows\whimbrel.iss
Set-Signature "dist\whimbrel-$version-setup.exe"
Write-Output "dist\whimbrel-$version-setup.exe"
