using System.CommandLine;
using AnalogHil.Daemon.Calibrations;
using AnalogHil.Daemon.Errors;

namespace AnalogHil.Cli.Calibrations;

/// <summary>Where calibrations are kept on this machine.</summary>
internal static class StoreOption
{
    /// <summary>The option.</summary>
    public static Option<string?> Create() => new("--store")
    {
        Description = "Directory of the kept calibrations [default: $XDG_STATE_HOME/analoghil, or ~/.local/state/analoghil]",
        HelpName = "DIR",
    };

    /// <summary>Opens the store.</summary>
    /// <exception cref="CliException">Another process has it, it is damaged, or cannot be written.</exception>
    public static CalibrationLedger Open(Terminal terminal, string? given)
    {
        string state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        string directory = Path.GetFullPath(given ?? Path.Combine(state, "analoghil"), terminal.CurrentDirectory);
        try
        {
            return CalibrationLedger.Open(directory, terminal.Time);
        }
        catch (CampaignException refused)
        {
            throw new CliException(ExitCodes.Of(refused.Reason), refused.Message, refused);
        }
    }
}
