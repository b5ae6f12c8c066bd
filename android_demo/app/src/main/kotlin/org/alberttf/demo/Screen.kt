package org.alberttf.demo

import java.io.Closeable
import java.io.InputStream
import java.util.EnumMap
import java.util.concurrent.Executor
import java.util.concurrent.Executors
import org.alberttf.inference.Choice
import org.alberttf.inference.Classification
import org.alberttf.inference.ModelRuntime
import org.alberttf.inference.Outcome
import org.alberttf.inference.Reply
import org.alberttf.inference.Score
import org.alberttf.inference.Tagging
import org.alberttf.tokenizer.WhiteSpace

/**
 * What the screen does, without Android: takes what a person does and turns it
 * into states to draw.
 *
 * Its methods and [observer] belong to one thread, the one that [deliver] hands
 * results to. It outlives the activity when the phone is turned.
 *
 * @param memoryBytes tells how much memory the app holds; null where unknown.
 */
internal class Screen(
    private val shelf: ModelShelf,
    runtime: ModelRuntime,
    private val deliver: Executor,
    private val memoryBytes: () -> Long?,
) : Closeable {
    private val files = Executors.newSingleThreadExecutor { work ->
        Thread(work, "albert-files").apply { isDaemon = true }
    }
    private val opener = ModelOpener(shelf, runtime, deliver)
    private val models = EnumMap<Tab, OpenModel>(Tab::class.java)
    private var isClosed = false

    /** Jobs of [files] that are not over: more may be asked for meanwhile. */
    private var numJobs = 0

    /**
     * The tab that was in front before the models were opened, until they are
     * or the person has chosen another.
     */
    private var wanted: Tab? = null

    var state: ScreenState = ScreenState()
        private set

    /** Is handed each new state. */
    var observer: (ScreenState) -> Unit = {}

    /** Opens the chosen and the shipped models, with the texts of last time. */
    fun start(texts: Texts = Texts(), tab: Tab? = null) {
        wanted = tab
        update { copy(texts = texts) }
        inBackground {
            shelf.sweep()
            Tab.values().forEach(::openInBackground)
            deliver.execute { wanted = null }
        }
    }

    /** Brings a tab to the front. */
    fun select(tab: Tab) {
        wanted = null
        if (tab in models) update { copy(tab = tab) }
    }

    /** Takes what stands in the fields now. */
    fun type(texts: Texts) {
        val old = state.texts
        if (texts.question != old.question || texts.passage != old.passage) {
            // An answer's place is of the passage that was asked about, and no other.
            clear(Tab.ANSWER) { copy(texts = texts, reply = Work.None) }
        } else {
            update { copy(texts = texts) }
        }
        if (texts.classify != old.classify || texts.hasPair != old.hasPair || texts.pair != old.pair) classify()
        if (texts.first != old.first || texts.second != old.second) compare()
        if (texts.tag != old.tag) tag()
        if (texts.context != old.context || texts.asked != old.asked || texts.choices != old.choices) pick()
    }

    /** Looks for the answer to the question. */
    fun ask() {
        if (Tab.ANSWER !in models) return
        val texts = state.texts
        update { copy(reply = Work.Running(0, 0)) }
        run<Reply>(Tab.ANSWER, { copy(reply = it) }) { model, onWindow, isCancelled ->
            model.answerer?.answer(texts.question, texts.passage, onWindow = onWindow, isCancelled = isCancelled)
        }
    }

    /**
     * Opens a document in place of the model for its task.
     *
     * @param name gives the document's name. Called in the background, as
     * [open] is: the other app may take its time with either.
     */
    fun choose(name: () -> String, open: () -> InputStream) = inBackground {
        val outcome = opener.received(name, open)
        deliver.execute { opened(outcome, inFront = true) }
    }

    /** Goes back to the model that came with the app, if it has one. */
    fun removeChosen(tab: Tab) = inBackground {
        shelf.remove(tab)
        val outcome = opener.shipped(tab)
        deliver.execute {
            update { copy(broken = broken - tab) }
            if ((outcome as? Outcome.Success)?.value == null) close(tab)
            opened(outcome)
        }
    }

    /** The person has read the problem. */
    fun dismissProblem() = update { copy(problem = null) }

    /** A problem outside of this class, to be shown like its own. */
    fun fail(message: String) = update { copy(problem = message) }

    override fun close() {
        isClosed = true
        observer = {}
        Tab.values().forEach(::close)
        files.shutdown()
    }

    private fun classify() {
        val text = state.texts.classify
        val takesPairs = state.models[Tab.CLASSIFY]?.takesPairs ?: return
        val pair = state.texts.pair.takeIf { takesPairs && state.texts.hasPair && !WhiteSpace.isAllOf(it) }
        if (WhiteSpace.isAllOf(text)) return clear(Tab.CLASSIFY) { copy(classification = Work.None) }
        run<Classification>(Tab.CLASSIFY, { copy(classification = it) }) { model, _, _ ->
            model.classifier?.classify(text, pair)
        }
    }

    private fun compare() {
        val first = state.texts.first
        val takesPairs = state.models[Tab.COMPARE]?.takesPairs ?: return
        val second = state.texts.second.takeIf { takesPairs && !WhiteSpace.isAllOf(it) }
        if (WhiteSpace.isAllOf(first)) return clear(Tab.COMPARE) { copy(score = Work.None) }
        run<Score>(Tab.COMPARE, { copy(score = it) }) { model, _, _ -> model.regressor?.score(first, second) }
    }

    private fun tag() {
        val text = state.texts.tag
        if (WhiteSpace.isAllOf(text)) return clear(Tab.TAG) { copy(tagging = Work.None) }
        run<Tagging>(Tab.TAG, { copy(tagging = it) }) { model, onWindow, isCancelled ->
            model.tagger?.tag(text, onWindow, isCancelled)
        }
    }

    private fun pick() {
        val texts = state.texts
        val choices = texts.choices.lines().filterNot(WhiteSpace::isAllOf).map { it.trim() }
        val isAlone = WhiteSpace.isAllOf(texts.context) && WhiteSpace.isAllOf(texts.asked)
        if (choices.size < 2 || isAlone) return clear(Tab.CHOOSE) { copy(choice = Work.None) }
        run<Choice>(Tab.CHOOSE, { copy(choice = it) }) { model, onWindow, isCancelled ->
            val begun = System.nanoTime()
            // There is never one run alone: where all are over at once, they would flicker.
            val onChoice: (Int, Int) -> Unit = { number, total ->
                if (System.nanoTime() - begun > QUICK_NANOS) onWindow(number, total)
            }
            model.chooser?.choose(texts.context, choices, texts.asked, onChoice, isCancelled)
        }
    }

    private fun clear(tab: Tab, change: ScreenState.() -> ScreenState) {
        models[tab]?.worker?.cancel()
        update(change)
    }

    private fun <T : Any> run(
        tab: Tab,
        place: ScreenState.(Work<T>) -> ScreenState,
        work: (OpenModel, onWindow: (number: Int, total: Int) -> Unit, isCancelled: () -> Boolean) -> T?,
    ) {
        val model = models[tab] ?: return
        model.worker.submit({ isCancelled ->
            // One window alone is over at once, and would flicker at each letter.
            val onWindow: (Int, Int) -> Unit = { number, total ->
                if (total > 1) deliver.execute { if (!isCancelled()) update { place(Work.Running(number, total)) } }
            }
            timed { work(model, onWindow, isCancelled) }
        }) { outcome ->
            when (outcome) {
                is Outcome.Success -> outcome.value?.let { done -> update { place(done) } }
                is Outcome.Failed -> update { place(Work.Failed(outcome.message)) }
            }
        }
    }

    private fun <T : Any> timed(work: () -> T?): Work.Done<T>? {
        val begun = System.nanoTime()
        val value = work() ?: return null
        return Work.Done(value, (System.nanoTime() - begun) / 1e6, memoryBytes())
    }

    private fun inBackground(work: () -> Unit) {
        numJobs++
        update { copy(isOpening = true, problem = null) }
        files.execute {
            work()
            deliver.execute {
                numJobs--
                update { copy(isOpening = numJobs > 0) }
            }
        }
    }

    private fun openInBackground(tab: Tab) {
        val chosen = opener.chosen(tab)
        if (chosen != null) {
            deliver.execute { opened(chosen.outcome) }
            if (chosen.outcome is Outcome.Success) return
            deliver.execute { update { copy(broken = broken + (tab to chosen.name)) } }
        }
        val outcome = opener.shipped(tab)
        deliver.execute { opened(outcome) }
    }

    private fun opened(outcome: Outcome<OpenModel?>, inFront: Boolean = false) {
        when (outcome) {
            is Outcome.Failed -> update { copy(problem = outcome.message) }
            is Outcome.Success -> outcome.value?.let { adopt(it, inFront) }
        }
    }

    private fun adopt(model: OpenModel, inFront: Boolean) {
        if (isClosed) return model.close()
        models.put(model.tab, model)?.close()
        val isFirst = state.tab == null
        val tab = if (inFront || isFirst || model.tab == wanted) model.tab else state.tab
        update {
            copy(
                tab = tab,
                models = this.models + (model.tab to model.info),
                broken = if (model.info.isShipped) broken else broken - model.tab,
            )
        }
        when (model.tab) {
            Tab.CLASSIFY -> classify()
            Tab.COMPARE -> compare()
            Tab.ANSWER -> clear(Tab.ANSWER) { copy(reply = Work.None) }
            Tab.TAG -> tag()
            Tab.CHOOSE -> pick()
        }
    }

    private fun close(tab: Tab) {
        models.remove(tab)?.close()
        val others = state.models - tab
        update { copy(models = others, tab = this.tab.takeIf { it != tab } ?: others.keys.firstOrNull()) }
    }

    private fun update(change: ScreenState.() -> ScreenState) {
        state = state.change()
        observer(state)
    }

    private companion object {
        /** As long a wait needs no word. */
        const val QUICK_NANOS = 300_000_000L
    }
}
