using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AnalogHil.Ledger.Journal;
using AnalogHil.Ledger.Requests;

namespace AnalogHil.Ledger.Tests.Crashes;

/// <summary>
/// A device that outlives the process: two registers that a change writes one after the other, and all that was ever written to
/// them. A change of which one register was written is neither the old nor the new state.
/// </summary>
internal sealed class FileDevice(string directory) : IReconciler
{
    private string Left => Path.Combine(directory, "left");

    private string Right => Path.Combine(directory, "right");

    public static string HashOf(int item) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"settings {item}")));

    public static byte[] ReplyOf(int item) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"item {item} is in force: {HashOf(item)}"));

    public (int Left, int Right) State => (Read(Left), Read(Right));

    // Each register keeps what was written to it, a line each: one append is one write of the system, which a kill does not cut.
    public void WriteLeft(int item) => File.AppendAllText(Left, string.Create(CultureInfo.InvariantCulture, $"{item}\n"));

    public void WriteRight(int item) => File.AppendAllText(Right, string.Create(CultureInfo.InvariantCulture, $"{item}\n"));

    /// <summary>How often a change was begun for an item.</summary>
    public int Effects(int item) => Written(Left).Count(written => written == item);

    public Task<Resolution> ResolveAsync(Intent intent, CancellationToken cancellationToken)
    {
        (int left, int right) = State;
        string hash = left == right ? HashOf(left) : "torn";
        string evidence = $"read back {hash}";
        return Task.FromResult(
            hash == intent.Draft.NewHash ? new Resolution(IntentOutcome.New, evidence, new StoredReply(0, ReplyOf(left)))
            : hash == intent.Draft.OldHash ? new Resolution(IntentOutcome.Old, evidence)
            : new Resolution(IntentOutcome.Unknown, evidence));
    }

    private static int[] Written(string file) =>
        File.Exists(file) ? [.. File.ReadLines(file).Select(line => int.Parse(line, CultureInfo.InvariantCulture))] : [];

    private static int Read(string file) => Written(file) is [.., int last] ? last : -1;
}
