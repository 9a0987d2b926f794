using System.Text.RegularExpressions;

namespace AnalogHil.Cli.Errors;

/// <summary>
/// What a message of this product says, taken apart by its form: "CAUSE; REMEDY", where the cause of a value out of range is "X is VALUE, must LIMIT".
/// </summary>
/// <param name="Cause">What is wrong.</param>
/// <param name="Value">What was given or found; empty where the message names none.</param>
/// <param name="Limit">What it must be; empty where the message names none.</param>
/// <param name="Remedy">What to do; empty where the message names nothing.</param>
internal sealed partial record MessageParts(string Cause, string Value, string Limit, string Remedy)
{
    /// <summary>The parts of a message; of several lines the first counts.</summary>
    public static MessageParts Of(string message)
    {
        string line = message.Split('\n')[0].Trim();
        int end = line.LastIndexOf("; ", StringComparison.Ordinal);
        string cause = end < 0 ? line : line[..end];
        Match range = Range().Match(cause);
        return new MessageParts(
            cause,
            range.Success ? range.Groups["value"].Value : "",
            range.Success ? range.Groups["limit"].Value : "",
            end < 0 ? "" : line[(end + 2)..]);
    }

    [GeneratedRegex(@" (?:is|has) (?<value>[^,;]+), (?<limit>(?:must|it is|it has to) [^;]+)")]
    private static partial Regex Range();
}
