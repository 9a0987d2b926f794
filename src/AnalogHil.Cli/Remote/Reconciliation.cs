using AnalogHil.Cli.Sessions;
using AnalogHil.V1;

namespace AnalogHil.Cli.Remote;

/// <summary>Settles a change of which nobody knows whether it was made: the device is read back, and what it holds decides.</summary>
internal static class Reconciliation
{
    /// <summary>Makes a change, and reads it back where its outcome is unknown.</summary>
    /// <param name="change">The change.</param>
    /// <param name="readBack">What the device holds.</param>
    /// <param name="isMade">Whether that is what the change was to bring.</param>
    /// <exception cref="CliException">The change was refused, or was not made; the message says which.</exception>
    public static async Task<T> OfAsync<T>(Func<Task<T>> change, Func<Task<T>> readBack, Func<T, bool> isMade)
    {
        try
        {
            return await change();
        }
        catch (RefusedException unknown) when (unknown.Reason == ErrorReason.OutcomeUnknown)
        {
            T found;
            try
            {
                found = await readBack();
            }
            catch (RefusedException silent)
            {
                throw new CliException(unknown.ExitCode, $"{unknown.Message} (read back: {silent.Message})", silent);
            }

            return isMade(found) ? found : throw new CliException(
                ExitCode.Unavailable,
                $"the change was not made, as reading the device back shows; make it again ({unknown.Message})", unknown);
        }
    }
}
