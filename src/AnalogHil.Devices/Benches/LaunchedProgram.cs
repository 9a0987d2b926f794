using System.Collections.Immutable;

namespace AnalogHil.Devices.Benches;

/// <summary>A program that a bench starts; it prints the terminal to open.</summary>
/// <param name="Command">
/// Program and arguments. What begins with @ is a file, looked for in the current directory, in that of the bench file, and in the directories above both;
/// any other program is looked for on PATH.
/// </param>
/// <param name="Build">How a file that is not there is made, for the error message.</param>
public sealed record LaunchedProgram(ImmutableArray<string> Command, string Build);
