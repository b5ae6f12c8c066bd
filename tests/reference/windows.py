"""Windows and answers as google-research/albert finds them, loop by loop."""

import collections

Span = collections.namedtuple("Span", ["start", "length"])


def doc_spans(num_tokens, max_tokens_for_doc, doc_stride):
    """The loop of squad_utils.py `convert_examples_to_features`."""
    spans = []
    start_offset = 0
    while start_offset < num_tokens:
        length = num_tokens - start_offset
        if length > max_tokens_for_doc:
            length = max_tokens_for_doc
        spans.append(Span(start=start_offset, length=length))
        if start_offset + length == num_tokens:
            break
        start_offset += min(length, doc_stride)
    return spans


def is_max_context(spans, span_index, position):
    """squad_utils.py `_check_is_max_context`."""
    best_score = None
    best_span_index = None
    for index, span in enumerate(spans):
        end = span.start + span.length - 1
        if position < span.start or position > end:
            continue
        num_left_context = position - span.start
        num_right_context = end - position
        score = min(num_left_context, num_right_context)
        score += 0.01 * span.length
        if best_score is None or score > best_score:
            best_score = score
            best_span_index = index
    return span_index == best_span_index


def best_spans(packed, start_logits, end_logits, num_best, max_answer_length):
    """Every pair of tokens of every window, one at a time.

    Returns:
        list of (score, first character, last character), best first.
    """
    context = packed.context
    found = []
    spans = [Span(w.begin, w.end - w.begin) for w in packed.windows]
    for index, window in enumerate(packed.windows):
        for first in range(window.begin, window.end):
            if not is_max_context(spans, index, first):
                continue
            for last in range(first, window.end):
                if last - first + 1 > max_answer_length:
                    break
                if not (context.can_start[first] and context.can_end[last]):
                    continue
                shift = window.context_position - window.begin
                score = float(start_logits[index][first + shift])
                score += float(end_logits[index][last + shift])
                found.append((-score, first, last))
    return [
        (-score, context.offsets[first][0], context.offsets[last][1])
        for score, first, last in sorted(found)[:num_best]
    ]
