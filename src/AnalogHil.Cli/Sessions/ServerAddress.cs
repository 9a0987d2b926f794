using System.CommandLine;

namespace AnalogHil.Cli.Sessions;

/// <summary>The option --server, also --socket.</summary>
internal static class ServerAddress
{
    /// <summary>What it takes where a daemon inside this process does as well.</summary>
    public const string Help =
        "Daemon to ask: path of its Unix socket, or http://localhost:PORT where a tunnel leads to one (ssh -L PORT:SOCKET) [default: a daemon inside this process]";

    /// <summary>The option, for a command and those under it.</summary>
    public static Option<string?> CreateOption(string help) => new("--server", "--socket") { Description = help, HelpName = "ADDRESS", Recursive = true };
}
