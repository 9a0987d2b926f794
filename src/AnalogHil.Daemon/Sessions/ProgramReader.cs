using System.Globalization;
using AnalogHil.Daemon.Errors;
using AnalogHil.Devices.Contract;
using AnalogHil.V1;

namespace AnalogHil.Daemon.Sessions;

/// <summary>Puts blocks of weights together from their parts.</summary>
/// <param name="can">What the device declares.</param>
internal sealed class ProgramReader(DeviceCapabilities can)
{
    /// <summary>Most weights in one part: 64 KiB of floats.</summary>
    public const int PartWeights = 64 * 1024 / sizeof(float);

    private readonly List<(BlockPart Head, float[] Weights, int Filled)> _blocks = [];

    /// <summary>Adds the next part.</summary>
    /// <exception cref="CampaignException">RequestInvalid or TooLarge; the message says where.</exception>
    public void Add(BlockPart part)
    {
        var checks = new FieldChecks();
        bool continues = _blocks.Count > 0 && _blocks[^1].Head.Block == part.Block;
        string field = string.Create(CultureInfo.InvariantCulture, $"block[{(continues ? _blocks.Count - 1 : _blocks.Count)}]");
        if (part.Weights.Count > PartWeights)
        {
            throw new CampaignException(ErrorReason.TooLarge,
                $"{field}.weights has {part.Weights.Count} values in one part, {PartWeights} (64 KiB) are the limit; send it in more parts");
        }

        if (!continues)
        {
            checks.Require(part.Rows >= 1 && part.Rows <= can.Rows, field + ".rows", $"is {part.Rows}, a tile has {can.Rows}; cut the block");
            checks.Require(part.Columns >= 1 && part.Columns <= can.Columns, field + ".columns", $"is {part.Columns}, a tile has {can.Columns}; cut the block");
            checks.Require(part.Places.Count > 0, field + ".places", "is missing; say where the block sits");
            checks.Require(_blocks.Count < (long)can.Tiles * can.Rows * can.Columns, field, "is one more than the device has cells");
            checks.ThrowIfAny();
            _blocks.Add((part, new float[part.Rows * part.Columns], 0));
        }

        (BlockPart head, float[] weights, int filled) = _blocks[^1];
        checks.Require(
            filled + part.Weights.Count <= weights.Length,
            field + ".weights",
            $"has {filled + part.Weights.Count} values so far, {head.Rows} x {head.Columns} are needed");
        checks.ThrowIfAny();
        part.Weights.CopyTo(weights, filled);
        _blocks[^1] = (head, weights, filled + part.Weights.Count);
    }

    /// <summary>The blocks, when the stream has ended.</summary>
    /// <exception cref="CampaignException">RequestInvalid: there is none, or one is not complete.</exception>
    public IReadOnlyList<BlockProgram> End()
    {
        var checks = new FieldChecks();
        checks.Require(_blocks.Count > 0, "block", "is missing; send at least one block after the start");
        for (int i = 0; i < _blocks.Count; i++)
        {
            (BlockPart head, float[] weights, int filled) = _blocks[i];
            checks.Require(filled == weights.Length, $"block[{i}].weights", $"has {filled} values, {head.Rows} x {head.Columns} are needed");
        }

        checks.ThrowIfAny();
        return
        [
            .. _blocks.Select(block => new BlockProgram(
                block.Head.Block, block.Head.Rows, block.Head.Columns, block.Weights,
                [.. block.Head.Places.Select(place => new Placement(place.Tile, place.Row, place.Column))])),
        ];
    }
}
