using System.CommandLine;
using AnalogHil.Cli.Errors;
using AnalogHil.Cli.Models;

namespace AnalogHil.Cli.Completion;

/// <summary>`hil completion`: a script that teaches a shell the commands and options.</summary>
internal static class CompletionCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        Option<bool> json = JsonOption.Create("Print shell and script as one JSON object");
        var command = new Command(
            "completion",
            """
            Prints a completion script. The shell asks hil itself what fits, so the script needs no renewal.

            Examples:
              source <(hil completion bash)                                  in ~/.bashrc
              hil completion zsh > "${fpath[1]}/_hil"
              hil completion fish > ~/.config/fish/completions/hil.fish
            """)
        {
            shell, json,
        };
        command.SetAction(parsed =>
        {
            string named = parsed.GetRequiredValue(shell);
            string script = ScriptOf(named);
            terminal.Output.Write(!parsed.GetValue(json) ? script : JsonLine.Write(writer =>
            {
                writer.WriteString("shell", named);
                writer.WriteString("script", script);
            }) + Environment.NewLine);
            return (int)ExitCode.Accept;
        });
        return command;
    }

    // Zsh loads a file of its fpath when Tab is pressed for the first time, and calls it: it must complete then, and not only say how.
    // [suggest:POSITION] is the parser's own directive: it prints what may stand at that place of the line, one a line.
    private static string ScriptOf(string shell) => shell switch
    {
        "bash" => """
            _hil_complete() {
              local IFS=$'\n'
              COMPREPLY=($(compgen -W "$(hil "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
              [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o filenames -F _hil_complete hil

            """,
        "zsh" => """
            #compdef hil
            _hil() {
              local -a found
              found=("${(@f)$(hil "[suggest:${CURSOR}]" "$BUFFER" 2>/dev/null)}")
              if [ -n "${found[1]}" ]; then compadd -a found; else _files; fi
            }
            if [ "$funcstack[1]" = _hil ]; then _hil "$@"; else compdef _hil hil; fi

            """,
        _ => """
            function __hil_complete
              set -l found (hil "[suggest:"(string length -- (commandline -p))"]" (commandline -p) 2>/dev/null)
              if test (count $found) -gt 0
                printf '%s\n' $found
              else
                __fish_complete_path (commandline -ct)
              end
            end
            complete -c hil -f -a '(__hil_complete)'

            """,
    };
}
