namespace AnalogHil.Cli.Sessions;

/// <summary>The option --server.</summary>
internal static class ServerAddress
{
    /// <summary>What it takes. The daemon itself listens on a Unix socket only.</summary>
    public const string Help =
        "Daemon to ask: path of its Unix socket, or http://localhost:PORT where a tunnel leads to one (ssh -L PORT:SOCKET) [default: a daemon inside this process]";
}
