namespace AnalogHil.Engine.Execution.Products;

/// <summary>
/// Which source pixels the rows of a product read: row (item, y, x) reads, for tap (dy, dx), pixel (y * step + dy, x * step + dx) of its
/// item, or zeros where that lies outside. Taps run row by row, dx ascending; by one within a run.
/// </summary>
internal sealed unsafe class TapPattern
{
    private readonly int _rowsWide;
    private readonly int _sourceHeight;
    private readonly int _sourceWidth;
    private readonly int _stepY;
    private readonly int _stepX;
    private readonly (int Y, int X)[] _taps;
    private readonly int _run;

    public TapPattern(
        (int Height, int Width) rows, (int Height, int Width) source, (int Y, int X) step, IReadOnlyList<int> offsetsY, IReadOnlyList<int> offsetsX)
    {
        RowsPerItem = rows.Height * rows.Width;
        _rowsWide = rows.Width;
        (_sourceHeight, _sourceWidth) = source;
        (_stepY, _stepX) = step;
        bool dense = Enumerable.Range(1, offsetsX.Count - 1).All(i => offsetsX[i] == offsetsX[i - 1] + 1);
        _run = dense ? offsetsX.Count : 1;
        _taps = [.. offsetsY.SelectMany(y => offsetsX.Select(x => (y, x)))];
    }

    public int RowsPerItem { get; }

    public int Taps => _taps.Length;

    /// <summary>Writes the row pointers of rows <paramref name="firstRow"/> .. as [taps x rows].</summary>
    /// <param name="source">[items x pixels x channels].</param>
    /// <param name="channels">Channels of the source.</param>
    /// <param name="channel">First channel of the group.</param>
    /// <param name="zeros">As many zeros as a group has channels.</param>
    /// <param name="firstRow">First row, counted over all items.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="pointers">[taps x rows], to be filled.</param>
    public void Fill(float* source, int channels, int channel, float* zeros, int firstRow, int rows, float** pointers)
    {
        for (int tap = 0; tap < _taps.Length; tap++)
        {
            var segments = new RowSegments(RowsPerItem, _rowsWide, firstRow, rows);
            while (segments.Next())
            {
                float** target = pointers + (nint)tap * rows + segments.Start;
                if (!TryRow(segments, tap, out nint line))
                {
                    for (int i = 0; i < segments.Length; i++)
                    {
                        target[i] = zeros;
                    }

                    continue;
                }

                float* start = source + line * _sourceWidth * channels + channel;
                int x = segments.X * _stepX + _taps[tap].X;
                for (int i = 0; i < segments.Length; i++, x += _stepX)
                {
                    target[i] = (uint)x < (uint)_sourceWidth ? start + (nint)x * channels : zeros;
                }
            }
        }
    }

    /// <summary>Copies the patches of rows <paramref name="firstRow"/> .. as [rows x taps x length].</summary>
    /// <param name="source">[items x pixels x channels].</param>
    /// <param name="channels">Channels of the source.</param>
    /// <param name="channel">First channel of the group.</param>
    /// <param name="length">Channels of the group.</param>
    /// <param name="firstRow">First row, counted over all items.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="patches">To be filled.</param>
    public void Gather(float* source, int channels, int channel, int length, int firstRow, int rows, float* patches)
    {
        nint patch = (nint)_taps.Length * length;
        for (int tap = 0; tap < _taps.Length; tap += _run)
        {
            var segments = new RowSegments(RowsPerItem, _rowsWide, firstRow, rows);
            while (segments.Next())
            {
                float* target = patches + segments.Start * patch + (nint)tap * length;
                bool inside = TryRow(segments, tap, out nint line);
                float* start = source + line * _sourceWidth * channels + channel;
                int x = segments.X * _stepX + _taps[tap].X;
                for (int i = 0; i < segments.Length; i++, x += _stepX, target += patch)
                {
                    GatherRun(inside, start, x, channels, length, target);
                }
            }
        }
    }

    /// <summary>Sums a plane over the taps <paramref name="first"/> .. of every row: a box filter.</summary>
    /// <param name="plane">[items x pixels x groups].</param>
    /// <param name="groups">Values of one pixel.</param>
    /// <param name="first">First tap.</param>
    /// <param name="count">Number of taps.</param>
    /// <param name="firstRow">First row, counted over all items.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="sums">[rows x groups], added to.</param>
    public void AddWindows(float* plane, int groups, int first, int count, int firstRow, int rows, float* sums)
    {
        for (int tap = first; tap < first + count; tap++)
        {
            var segments = new RowSegments(RowsPerItem, _rowsWide, firstRow, rows);
            while (segments.Next())
            {
                if (!TryRow(segments, tap, out nint line))
                {
                    continue;
                }

                int x = segments.X * _stepX + _taps[tap].X;
                int skip = x < 0 ? (-x + _stepX - 1) / _stepX : 0;
                x += skip * _stepX;
                int inside = Math.Min(segments.Length - skip, x < _sourceWidth ? (_sourceWidth - 1 - x) / _stepX + 1 : 0);
                float* source = plane + (line * _sourceWidth + x) * groups;
                float* target = sums + (nint)(segments.Start + skip) * groups;
                if (_stepX == 1)
                {
                    RowKernels.Add(target, source, inside * groups);
                    continue;
                }

                for (int i = 0; i < inside; i++, source += _stepX * groups, target += groups)
                {
                    RowKernels.Add(target, source, groups);
                }
            }
        }
    }

    /// <summary>The source pixel that tap <paramref name="tap"/> of row <paramref name="row"/> reads, counted over all items; -1 outside.</summary>
    public int Pixel(int row, int tap)
    {
        int item = row / RowsPerItem;
        int position = row % RowsPerItem;
        int y = position / _rowsWide * _stepY + _taps[tap].Y;
        int x = position % _rowsWide * _stepX + _taps[tap].X;
        return (uint)y < (uint)_sourceHeight && (uint)x < (uint)_sourceWidth ? (item * _sourceHeight + y) * _sourceWidth + x : -1;
    }

    private bool TryRow(in RowSegments segment, int tap, out nint line)
    {
        int y = segment.Y * _stepY + _taps[tap].Y;
        line = (nint)segment.Item * _sourceHeight + y;
        if ((uint)y < (uint)_sourceHeight)
        {
            return true;
        }

        line = 0;
        return false;
    }

    private void GatherRun(bool inside, float* start, int x, int channels, int length, float* target)
    {
        if (inside && length == channels && x >= 0 && x + _run <= _sourceWidth)
        {
            RowKernels.Copy(target, start + (nint)x * channels, _run * length);
            return;
        }

        for (int t = 0; t < _run; t++, x++, target += length)
        {
            if (inside && (uint)x < (uint)_sourceWidth)
            {
                RowKernels.Copy(target, start + (nint)x * channels, length);
            }
            else
            {
                new Span<float>(target, length).Clear();
            }
        }
    }
}
