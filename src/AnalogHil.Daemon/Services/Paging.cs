using System.Text;
using AnalogHil.Daemon.Errors;
using Google.Protobuf;

namespace AnalogHil.Daemon.Services;

/// <summary>Pages of lists. A token names the last item of its page, so that what is added meanwhile shifts nothing.</summary>
internal static class Paging
{
    private const int Usual = 50;
    private const int Most = 200;

    /// <summary>One page, and the token of the next; an empty token on the last page.</summary>
    /// <param name="all">The whole list, in its order.</param>
    /// <param name="keyOf">Name of an item, unique in the list.</param>
    /// <param name="size">Asked size; 0 for the usual.</param>
    /// <param name="token">Token of the page before; empty for the first.</param>
    /// <exception cref="CampaignException">RequestInvalid.</exception>
    public static (IEnumerable<T> Items, string Next) Of<T>(IReadOnlyList<T> all, Func<T, string> keyOf, int size, string token)
    {
        var checks = new FieldChecks();
        checks.Require(size is >= 0 and <= Most, "page_size", $"is {size}, must lie in 0 .. {Most}; 0 takes {Usual}");
        int start = 0;
        if (token.Length > 0)
        {
            string? last = Decode(token);
            start = last is null ? 0 : all.Select(keyOf).ToList().IndexOf(last) + 1;
            checks.Require(start > 0, "page_token", "names no item of this list any more; begin again with an empty token");
        }

        checks.ThrowIfAny();
        int end = Math.Min(all.Count, start + (size == 0 ? Usual : size));
        return (all.Skip(start).Take(end - start), end < all.Count ? Encode(keyOf(all[end - 1])) : "");
    }

    /// <summary>The same for a list of which only the page is read.</summary>
    /// <param name="read">Items after the one of a name, from the first for null; the name of none is refused. At most so many.</param>
    /// <param name="keyOf">Name of an item, unique in the list.</param>
    /// <param name="size">Asked size; 0 for the usual.</param>
    /// <param name="token">Token of the page before; empty for the first.</param>
    /// <exception cref="CampaignException">RequestInvalid.</exception>
    public static (IEnumerable<T> Items, string Next) Read<T>(Func<string?, int, IReadOnlyList<T>> read, Func<T, string> keyOf, int size, string token)
    {
        var checks = new FieldChecks();
        checks.Require(size is >= 0 and <= Most, "page_size", $"is {size}, must lie in 0 .. {Most}; 0 takes {Usual}");
        string? last = token.Length > 0 ? Decode(token) : null;
        checks.Require(token.Length == 0 || last is not null, "page_token", "is no token of this list; begin again with an empty token");
        checks.ThrowIfAny();
        int asked = size == 0 ? Usual : size;
        IReadOnlyList<T> items = read(last, asked + 1);
        return items.Count > asked ? (items.Take(asked), Encode(keyOf(items[asked - 1]))) : (items, "");
    }

    private static string Encode(string key) => ByteString.CopyFromUtf8(key).ToBase64();

    private static string? Decode(string token)
    {
        byte[] bytes = new byte[token.Length];
        return Convert.TryFromBase64String(token, bytes, out int count) ? Encoding.UTF8.GetString(bytes, 0, count) : null;
    }
}
