using System.Text;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Errors;

/// <summary>Names of the reasons on the wire: the enum's values without their prefix, e.g. BENCH_BUSY.</summary>
public static class ErrorReasons
{
    /// <summary>google.rpc.ErrorInfo.domain of every error of this daemon.</summary>
    public const string Domain = Rpc.Errors.RpcStatus.Domain;

    private static readonly Dictionary<string, ErrorReason> ByName =
        Enum.GetValues<ErrorReason>().ToDictionary(WireName, reason => reason, StringComparer.Ordinal);

    /// <summary>Name as it stands in google.rpc.ErrorInfo.reason.</summary>
    public static string WireName(ErrorReason reason)
    {
        var name = new StringBuilder();
        foreach (char letter in reason.ToString())
        {
            if (char.IsUpper(letter) && name.Length > 0)
            {
                name.Append('_');
            }

            name.Append(char.ToUpperInvariant(letter));
        }

        return name.ToString();
    }

    /// <summary>The reason of that name; <see cref="ErrorReason.Unspecified"/> for one that this version does not know.</summary>
    public static ErrorReason Parse(string name) => ByName.GetValueOrDefault(name, ErrorReason.Unspecified);
}
