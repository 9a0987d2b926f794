using AnalogHil.Devices.Contract;

namespace AnalogHil.Devices.Guarding;

/// <summary>What the device was told, so that its answers can be held against it.</summary>
internal sealed class DeviceMirror
{
    private Dictionary<int, (int Columns, int Copies)> _blocks = [];
    private Dictionary<int, BlockRedundancy> _active = [];
    private Dictionary<int, BlockRedundancy>? _staged;
    private Dictionary<int, BlockRedundancy>? _previous;

    public void Clear()
    {
        _blocks = [];
        _active = [];
        _staged = null;
        _previous = null;
    }

    public void Programmed(IReadOnlyList<BlockProgram> blocks)
    {
        Clear();
        _blocks = blocks.ToDictionary(block => block.Block, block => (block.Columns, block.Copies.Length));
    }

    public void Staged(RedundancySettings settings) => _staged = settings.Blocks.ToDictionary(block => block.Block);

    public void Committed()
    {
        _previous = _active;
        _active = _staged ?? [];
        _staged = null;
    }

    public void RolledBack()
    {
        _staged = null;
        _active = _previous ?? _active;
        _previous = null;
    }

    /// <summary>Values in the reply; -1 when the block was not programmed through this guard.</summary>
    public int OutputsOf(in ExecuteRequest request) =>
        _blocks.TryGetValue(request.Block, out (int Columns, int Copies) block) ? request.Vectors * block.Columns : -1;

    /// <summary>Reads of the dot product of a block that is read most: largest K x copies.</summary>
    public long MostReadsOf(int block) =>
        _blocks[block].Copies * (_active.TryGetValue(block, out BlockRedundancy? redundancy) ? (long)redundancy.Repeats.Max() : 1);

    /// <summary>Reads that an honest reply counts.</summary>
    public long ReadsOf(in ExecuteRequest request)
    {
        (int columns, int copies) = _blocks[request.Block];
        long repeats = columns;
        if (_active.TryGetValue(request.Block, out BlockRedundancy? redundancy))
        {
            repeats = redundancy.Repeats.Length == 1 ? (long)redundancy.Repeats[0] * columns : redundancy.Repeats.Sum(k => (long)k);
        }

        return request.Vectors * repeats * copies;
    }
}
