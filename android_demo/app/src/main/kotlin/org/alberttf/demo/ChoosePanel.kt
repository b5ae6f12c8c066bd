package org.alberttf.demo

import android.app.Activity
import android.view.View
import android.widget.Button
import android.widget.EditText
import org.alberttf.inference.Choice

/** Tells which of several texts goes best with another, while they are typed. */
internal class ChoosePanel(activity: Activity, private val screen: Screen) : Panel {
    private val root = activity.child<View>(R.id.panel_choose)
    private val context = root.child<EditText>(R.id.choose_context)
    private val question = root.child<EditText>(R.id.choose_question)
    private val choices = root.child<EditText>(R.id.choose_choices)
    private val card = ResultCard(root)
    private val resources = activity.resources

    /** What the card shows: other tabs change the state, too. */
    private var drawn: Work<Choice>? = null

    init {
        context.onTyped { screen.type(screen.state.texts.copy(context = it)) }
        question.onTyped { screen.type(screen.state.texts.copy(asked = it)) }
        choices.onTyped { screen.type(screen.state.texts.copy(choices = it)) }
        root.child<Button>(R.id.choose_example).setOnClickListener {
            screen.type(
                screen.state.texts.copy(
                    context = resources.getString(R.string.example_context),
                    asked = resources.getString(R.string.example_asked),
                    choices = resources.getStringArray(R.array.example_choices).joinToString("\n"),
                ),
            )
        }
    }

    override fun draw(state: ScreenState) {
        root.isShown(state.tab == Tab.CHOOSE)
        context.setTextIfOther(state.texts.context)
        question.setTextIfOther(state.texts.asked)
        choices.setTextIfOther(state.texts.choices)
        if (state.choice != drawn) draw(state.choice)
    }

    private fun draw(work: Work<Choice>) {
        drawn = work
        when (work) {
            is Work.None -> card.showMessage(resources.getString(R.string.choose_empty))
            is Work.Running -> card.showProgress(work)
            is Work.Failed -> card.showMessage(work.message)
            is Work.Done -> show(work)
        }
    }

    private fun show(done: Work.Done<Choice>) {
        val result = done.value
        val likeliest = result.choices.zip(result.probabilities).sortedByDescending { it.second }.take(NUM_ROWS)
        card.show(
            result.choice,
            likeliest.map { ResultCard.Row(it.first, it.second) },
            resources.getString(R.string.choose_cut).takeIf { result.isTruncated },
            Figures.of(resources, done),
        )
    }

    private companion object {
        const val NUM_ROWS = 10
    }
}
