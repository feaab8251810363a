"""Inline ids back to lexical forms, a whole Arrow array at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from govgraph.engine.columnar.ids import (
    MANTISSA_BITS,
    MANTISSA_OFFSET,
    OFFSET,
    PAYLOAD_MASK,
    Tag,
    inlined,
    make,
)

_TEXT = pa.large_string()
#: Arrow writes decimals with more digits after the point, if small, with an exponent.
_PLAIN_SCALE = 6
_WORDS = pa.array(["false", "true", "0", "1"], _TEXT)


def lexical_forms(tag: Tag, ids: pa.Array) -> pa.Array:
    """The lexical forms (large_string) of inline ids (int64) of one tag."""
    return _WRITERS[tag](pc.bit_wise_and(ids, PAYLOAD_MASK))


def _booleans(payloads: pa.Array) -> pa.Array:
    return _WORDS.take(payloads)


def _integers(payloads: pa.Array) -> pa.Array:
    return pc.subtract(payloads, OFFSET).cast(_TEXT)


def _decimals(payloads: pa.Array) -> pa.Array:
    scales = pc.shift_right(payloads, MANTISSA_BITS)
    found = pc.unique(scales).to_pylist()
    if len(found) <= 1:
        return _of_scale(payloads, *found or [0])
    places = [pc.indices_nonzero(pc.equal(scales, scale)) for scale in found]
    texts = [_of_scale(payloads.take(p), s) for p, s in zip(places, found, strict=True)]
    order = pc.inverse_permutation(pa.concat_arrays(places).cast(pa.int64()))
    return pa.concat_arrays(texts).take(order)


def _of_scale(payloads: pa.Array, scale: int) -> pa.Array:
    """Decimals of one scale: the mantissas, read as Arrow decimals of that scale."""
    if scale > _PLAIN_SCALE:
        return pa.array([inlined(make(Tag.DECIMAL, p))[0] for p in payloads.to_pylist()], _TEXT)
    bits = pc.bit_wise_and(payloads, (1 << MANTISSA_BITS) - 1)
    whole = pc.subtract(bits, MANTISSA_OFFSET).cast(pa.decimal128(19, 0))
    kind = pa.decimal128(19, scale)
    return pa.Array.from_buffers(kind, len(whole), whole.buffers(), offset=whole.offset).cast(_TEXT)


def _dates(payloads: pa.Array) -> pa.Array:
    return pc.subtract(payloads, OFFSET).cast(pa.int32()).cast(pa.date32()).cast(_TEXT)


def _date_times(payloads: pa.Array) -> pa.Array:
    moments = pc.subtract(payloads, OFFSET).cast(pa.timestamp("s")).cast(_TEXT)
    return pc.replace_substring(moments, " ", "T")


_WRITERS: Mapping[Tag, Callable[[pa.Array], pa.Array]] = {
    Tag.BOOLEAN: _booleans,
    Tag.INTEGER: _integers,
    Tag.DECIMAL: _decimals,
    Tag.DATE: _dates,
    Tag.DATE_TIME: _date_times,
}
