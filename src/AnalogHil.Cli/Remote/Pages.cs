using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace AnalogHil.Cli.Remote;

/// <summary>Lists that a daemon gives page by page.</summary>
internal static class Pages
{
    /// <summary>Most items that the contract gives in one page.</summary>
    public const int Size = 200;

    private const string NextToken = "next_page_token";

    /// <summary>The whole list in one reply, whose token is empty.</summary>
    /// <param name="page">One page after a token.</param>
    /// <exception cref="ArgumentException">The reply is not paged.</exception>
    public static async Task<T> AllAsync<T>(Func<string, Task<T>> page)
        where T : IMessage<T>, new()
    {
        var all = new T();
        IFieldAccessor token = (all.Descriptor.FindFieldByName(NextToken)
            ?? throw new ArgumentException($"{all.Descriptor.Name} has no field {NextToken}, so it is not paged", nameof(page))).Accessor;
        string next = "";
        do
        {
            T reply = await page(next);
            all.MergeFrom(reply);
            next = (string)token.GetValue(reply);
        }
        while (next.Length > 0);

        token.Clear(all);
        return all;
    }
}
