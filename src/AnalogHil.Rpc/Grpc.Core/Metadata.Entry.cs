using System.Buffers;
using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>One key with its value; the value of a key that ends in "-bin" is bytes, of any other printable ASCII.</summary>
    public sealed class Entry
    {
        private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz_-.");

        private readonly byte[]? _bytes;
        private readonly string? _text;

        /// <summary>A text entry.</summary>
        /// <param name="key">Letters, digits, '_', '-', '.'; stored in lower case; must not end in "-bin".</param>
        /// <param name="value">Printable ASCII.</param>
        /// <exception cref="ArgumentException">The key or the value has a character that cannot travel.</exception>
        public Entry(string key, string value)
        {
            Key = Normalize(key);
            ArgumentNullException.ThrowIfNull(value);
            if (IsBinary)
            {
                throw new ArgumentException($"Key '{Key}' ends in \"-bin\", so its value is bytes; pass a byte array or rename the key.", nameof(key));
            }

            int bad = value.AsSpan().IndexOfAnyExceptInRange(' ', '~');
            if (bad >= 0)
            {
                throw new ArgumentException(
                    $"Value of '{Key}' has U+{(int)value[bad]:X4} at {bad}; only printable ASCII travels as text. Use '{Key}-bin' for other text.",
                        nameof(value));
            }

            _text = value;
        }

        /// <summary>A binary entry.</summary>
        /// <param name="key">Must end in "-bin".</param>
        /// <param name="valueBytes">Copied.</param>
        /// <exception cref="ArgumentException">The key has a character that cannot travel or does not end in "-bin".</exception>
        public Entry(string key, byte[] valueBytes)
        {
            Key = Normalize(key);
            ArgumentNullException.ThrowIfNull(valueBytes);
            if (!IsBinary)
            {
                throw new ArgumentException($"Key '{Key}' has a binary value; its name must end in \"-bin\".", nameof(key));
            }

            _bytes = [.. valueBytes];
        }

        /// <summary>The key, in lower case.</summary>
        public string Key { get; }

        /// <summary>Whether the value is bytes.</summary>
        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        /// <summary>The text value.</summary>
        /// <exception cref="InvalidOperationException">The entry is binary.</exception>
        public string Value => _text ?? throw new InvalidOperationException($"'{Key}' is a binary entry; read ValueBytes.");

        /// <summary>A copy of the value as bytes (ASCII for a text entry).</summary>
        public byte[] ValueBytes => _text is null ? [.. _bytes!] : Encoding.ASCII.GetBytes(_text);

        /// <inheritdoc/>
        public override string ToString() => $"[Entry: key={Key}, {(_text is null ? $"{_bytes!.Length} bytes" : $"value={_text}")}]";

        private static string Normalize(string key)
        {
            ArgumentException.ThrowIfNullOrEmpty(key);
            string lower = key.ToLowerInvariant();
            int bad = lower.AsSpan().IndexOfAnyExcept(KeyCharacters);
            return bad < 0
                ? lower
                : throw new ArgumentException(
                    $"Key '{key}' has U+{(int)key[bad]:X4} at {bad}; only letters, digits, '_', '-' and '.' are allowed.", nameof(key));
        }
    }
}
