using AnalogHil.Cli.Files;

namespace AnalogHil.Cli.Doctoring;

/// <summary>What the checks look at.</summary>
/// <param name="Files">Benches, models and images that come with the program.</param>
/// <param name="State">State directory of the daemon, absolute.</param>
/// <param name="Records">Directory where records would be written, absolute.</param>
/// <param name="Terminals">Directory of serial terminals: /dev.</param>
/// <param name="FreeBytes">Free room on the disk of a directory, bytes.</param>
/// <param name="MayUse">Whether this user may read and write a file, without opening it: opening a serial port may reset its device.</param>
/// <param name="Time">The clock.</param>
internal sealed record Machine(
    InputFiles Files, string State, string Records, string Terminals, Func<string, long> FreeBytes, Func<string, bool> MayUse, TimeProvider Time)
{
    /// <summary>This machine.</summary>
    public static Machine Here(Terminal terminal, string state) => new(
        new InputFiles(terminal.CurrentDirectory, terminal.ProgramDirectory),
        Path.GetFullPath(state, terminal.CurrentDirectory),
        terminal.CurrentDirectory,
        "/dev",
        directory => new DriveInfo(directory).AvailableFreeSpace,
        AccessRights.MayReadAndWrite,
        terminal.Time);
}
