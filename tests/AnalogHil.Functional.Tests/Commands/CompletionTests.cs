using System.Diagnostics;

namespace AnalogHil.Functional.Tests.Commands;

/// <summary>Completion of `hil` by the shells themselves.</summary>
public sealed class CompletionTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "hil.dll");
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("analoghil-test-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("hil lea", "lease")]
    [InlineData("hil lease ac", "acquire")]
    [InlineData("hil device settings --val", "--validate-only")]
    [InlineData("hil run --max-d", "--max-drop")]
    [InlineData("hil completion z", "zsh")]
    public async Task Bash_SourcesTheScript_CompletesTheWord(string line, string expected)
    {
        // What bash does when Tab is pressed: it sets these variables and calls the function.
        string script = $$"""
            hil() { dotnet '{{Program}}' "$@"; }
            source <(hil completion bash)
            complete -p hil >/dev/null || exit 3
            COMP_LINE='{{line}}'; COMP_POINT=${#COMP_LINE}; COMP_WORDS=($COMP_LINE); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            _hil_complete
            printf '%s\n' "${COMPREPLY[@]}"
            """;

        Assert.Equal([expected], await LinesAsync("bash", ["--norc", "-c", script]));
    }

    [InstalledFact("zsh", "zsh")]
    public async Task Zsh_FindsTheScriptInItsFunctions_CompletesTheWordAtTheFirstTab()
    {
        string functions = await ScriptAsync("zsh", "_hil");
        Assert.Empty(await LinesAsync("zsh", ["-f", "-n", functions]));
        string typed = Path.Combine(_directory.FullName, "typed");

        // A zsh on a terminal of its own gets Tab after "hil da", and then a key that writes down what its line holds.
        string driver = $$"""
            zmodload zsh/zpty
            zpty shell zsh -f -i
            zpty -w shell 'fpath=({{_directory.FullName}} $fpath); autoload -Uz compinit; compinit -D -u; hil() { dotnet {{Program}} "$@" }'
            zpty -w shell 'show() { print -r -- "$BUFFER" > {{typed}}; BUFFER=exit; zle accept-line }; zle -N show; bindkey "^X" show'
            zpty -w -n shell $'hil da\t\x18'
            while zpty -r shell line; do :; done
            """;
        await LinesAsync("zsh", ["-f", "-c", driver]);

        Assert.Equal("hil daemon", (await File.ReadAllTextAsync(typed)).Trim());
    }

    [InstalledFact("fish", "fish")]
    public async Task Fish_SourcesTheScript_CompletesTheWord()
    {
        string script = await ScriptAsync("fish", "hil.fish");
        Assert.Empty(await LinesAsync("fish", ["--no-config", "--no-execute", script]));
        await File.WriteAllTextAsync(Path.Combine(_directory.FullName, "data"), "a file that is not what is wanted here");
        string line = $"cd {_directory.FullName}; function hil; dotnet {Program} $argv; end; source {script}; "
            + "complete -C 'hil da'; complete -C 'hil run --max-d'";

        Assert.Equal(["daemon", "--max-drop"], await LinesAsync("fish", ["--no-config", "-c", line]));
    }

    private async Task<string> ScriptAsync(string shell, string name)
    {
        string file = Path.Combine(_directory.FullName, name);
        await File.WriteAllLinesAsync(file, await LinesAsync("dotnet", [Program, "completion", shell]));
        return file;
    }

    private static async Task<string[]> LinesAsync(string program, string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = new CancellationTokenSource(Limit);
        string output;
        Task<string> error = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            output = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} did not end within {Limit.TotalSeconds} s and was killed");
        }

        Assert.True(process.ExitCode == 0, await error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
