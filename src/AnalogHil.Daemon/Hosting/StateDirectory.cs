using AnalogHil.Daemon.Errors;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Hosting;

/// <summary>Where the daemon keeps files that outlive it, beside its ledger: models, plans. Closed to others.</summary>
/// <param name="options">Options of the daemon.</param>
internal sealed class StateDirectory(DaemonOptions options)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>A directory in it, made where it is missing.</summary>
    /// <exception cref="CampaignException">OutputUnwritable.</exception>
    public string Under(string name)
    {
        string path = Path.Combine(Path.GetFullPath(options.StateDirectory), name);
        try
        {
            return OperatingSystem.IsWindows() ? Directory.CreateDirectory(path).FullName : Directory.CreateDirectory(path, OwnerOnly).FullName;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CampaignException(
                ErrorReason.OutputUnwritable, $"state directory {path} cannot be used: {refused.Message.TrimEnd('.')}; choose another with --state", refused);
        }
    }
}
