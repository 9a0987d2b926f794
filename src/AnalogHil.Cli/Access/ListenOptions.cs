using System.CommandLine;
using System.Net;
using AnalogHil.Cli.Files;
using AnalogHil.Daemon.Hosting;

namespace AnalogHil.Cli.Access;

/// <summary>Options of `hil daemon` that let others in: who, and over which TCP address.</summary>
internal sealed class ListenOptions
{
    private readonly Option<string?> _access = new("--access")
    {
        Description = "Access file: which users, groups, client certificates and tokens have which role [default: only your own user, on the socket]",
        HelpName = "FILE",
    };

    private readonly Option<string?> _listen = new("--listen")
    {
        Description = "TCP address beside the socket, such as 0.0.0.0:50051; without a certificate only 127.0.0.1:PORT",
        HelpName = "ADDRESS:PORT",
    };

    private readonly Option<string?> _certificate = new("--tls-certificate") { Description = "Certificate of the daemon on TCP, PEM", HelpName = "FILE" };

    private readonly Option<string?> _key = new("--tls-key") { Description = "Private key of the certificate, PEM", HelpName = "FILE" };

    private readonly Option<string?> _authorities = new("--client-ca")
    {
        Description = "Authorities whose client certificates are let in, PEM; without them clients show a token (hil token create)",
        HelpName = "FILE",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_access);
        command.Add(_listen);
        command.Add(_certificate);
        command.Add(_key);
        command.Add(_authorities);
    }

    /// <summary>The daemon's options with what was given.</summary>
    /// <exception cref="CliException">The address is none.</exception>
    public DaemonOptions Apply(ParseResult parsed, DaemonOptions options, Terminal terminal)
    {
        var files = new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory);
        IPEndPoint? listen = null;
        if (parsed.GetValue(_listen) is { } address && !(IPEndPoint.TryParse(address, out listen) && address.Contains(':', StringComparison.Ordinal)))
        {
            throw new CliException(ExitCode.Usage, $"--listen: '{address}' is no address with a port; write 0.0.0.0:50051, [::]:50051 or 127.0.0.1:50051");
        }

        return options with
        {
            AccessFile = Absolute(_access),
            Listen = listen,
            TlsCertificate = Absolute(_certificate),
            TlsKey = Absolute(_key),
            ClientAuthorities = Absolute(_authorities),
        };

        string? Absolute(Option<string?> option) => parsed.GetValue(option) is { } path ? files.Output(path) : null;
    }
}
